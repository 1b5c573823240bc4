"""How much of a workbook is read, whatever kind of file it is."""

from typing import Any

MEGABYTE = 1024 * 1024
MEMORY = 512 * MEGABYTE
SECONDS = 60
MOST_FILE = 50 * MEGABYTE
MOST_UNPACKED = 100 * MEGABYTE
MOST_ENTRIES = 1_000
MOST_ROWS = 300_000
MOST_COLUMNS = 200
MOST_CELLS = 2_000_000
MOST_TEXT = 64 * MEGABYTE
LONGEST_CELL = 32_767
LONGEST_LINE = MEGABYTE


class Refused(Exception):
    """Why no more is read: a word that `guard` has a sentence for, and what the sentence names.

    `whole` says that nothing more of the workbook is read; otherwise only its sheet is at fault.
    """

    def __init__(self, word: str, *, whole: bool = False, **named: Any) -> None:
        super().__init__(word)
        self.word = word
        self.whole = whole
        self.named = named
