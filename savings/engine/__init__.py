"""How a share is worked out: plain Python, no Django, no clock, no database, no logging.

The method in words, with a worked example, is in docs/calculation.md.
"""
