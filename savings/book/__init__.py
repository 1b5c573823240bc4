"""An alliance's book: every input of its shares as plain values, and what a change of it does.

`read` gives the book as it is; a change gives the book as it would be; `compare` gives what lies
between the two, to the penny, worked out by the code that stores it. There is one of it: a price, a
preview and an account of what moved are all `compare` of two books.
"""

from savings.book.effect import Cell, Effect, Place, YearMove, compare
from savings.book.reading import read
from savings.book.values import Book, BookArea, BookItem, BookMilestone

__all__ = [
    "Book",
    "BookArea",
    "BookItem",
    "BookMilestone",
    "Cell",
    "Effect",
    "Place",
    "YearMove",
    "compare",
    "read",
]
