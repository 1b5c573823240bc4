"""What people write in boxes and files, read in one way: numbers, dates, texts and codes.

Plain Python: forms, the workbook's parser and the models' own checks ask the same functions.
"""
