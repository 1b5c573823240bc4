"""What-if: an alliance's book with changes that nobody made, beside the book as it stands.

A what-if is a list of supposed changes under a name. Nothing is written but that list: the figures
are worked out from it whenever its page is opened, by the code that stores shares.
"""
