"""Why a workbook, or a sheet of it, is not read: a sentence for each word that `unpacking` says."""

from typing import Any

from programmes.written.refusal import Unreadable

SAVE_AGAIN = "Open it in a spreadsheet program and save it as an Excel workbook (.xlsx)."
DAMAGED = Unreadable("The workbook is damaged.", SAVE_AGAIN)
LARGE = Unreadable(
    "The workbook holds too much to be read safely.", "Remove what is not needed from it."
)
_UNKNOWN = ("The workbook cannot be read.", SAVE_AGAIN)
_FEWER_ROWS = "Remove the rows that are not needed."
_AS_CSV = "Save it as CSV UTF-8."
_CLOSE_IT = (
    "Close it, or take it out; a quotation mark inside a text in quotation marks is doubled."
)
_SENTENCES = {
    "damaged": (DAMAGED.what, DAMAGED.mend),
    "large": (LARGE.what, LARGE.mend),
    "cells": ("The workbook has more than 2,000,000 cells.", LARGE.mend),
    "rows": ("The sheet has more than 300,000 rows.", _FEWER_ROWS),
    "columns": ("The row has more than 200 cells.", "Delete what stands right of the columns."),
    "long": ("The row has a cell of more than 32,767 characters.", "Shorten the text."),
    "line": ("Line {line} of the file has more than a million characters.", _AS_CSV),
    "unsafe": (
        "The portal cannot read workbooks safely at the moment.",
        "Ask the administrator to install defusedxml.",
    ),
    "files": ("The folder has more than 1,000 files.", "Take out those that are no sheets."),
    "no_files": (
        "The folder has no CSV files.",
        "Give the folder that holds alliance.csv and the others.",
    ),
    "not_csv": ("{file} is not a CSV file.", "Save it as CSV UTF-8, or take it out of the folder."),
    "link": ("{file} is a link to another file.", "Put the file itself in the folder."),
    "closed": ("{file} cannot be opened.", "Check who may read it."),
    "no_file": ("{file} is not a file.", "Put a CSV file in its place."),
    "file_size": ("{file} has more than {megabytes} MB.", _FEWER_ROWS),
    "not_utf_8": ("{file} is not a CSV file in UTF-8.", _AS_CSV),
    "stray_byte": (
        "Line {line} of {file} has a byte, {byte}, that is no letter in UTF-8.",
        "Correct that line, or save the file as CSV UTF-8 from where its names are still right.",
    ),
    "strict": (
        "The workbook is a Strict Open XML Spreadsheet.",
        "Save it as Excel Workbook (.xlsx), without the word Strict.",
    ),
    "merged": (
        "The cells {cells} are merged, so only the first of each has a value.",
        "Unmerge them and fill in each row.",
    ),
    "open_quotation_mark": (
        "A quotation mark in line {line} of the file is never closed.",
        _CLOSE_IT,
    ),
    "quotation_mark": (
        "A quotation mark stands inside a text from line {line} of the file on.",
        _CLOSE_IT,
    ),
}


_NOTES = {
    "windows_text": "{file} is not in UTF-8; it was read as Windows text (code page 1252).",
    "hidden_sheet": "The sheet is hidden; it was read like the others.",
    "hidden_rows": "Hidden rows were read like the others: {rows}.",
    "hidden_columns": "Hidden columns were read like the others: {columns}.",
}


def note(word: str, named: dict[str, Any]) -> str:
    """What is told of a sheet though nothing is wrong with it."""
    return _NOTES[word].format_map(named)


def sentence(word: str, named: dict[str, Any]) -> Unreadable:
    """The refusal that a word of `unpacking` stands for; `named` fills its places."""
    what, mend = _SENTENCES.get(word, _UNKNOWN)
    return Unreadable(what.format_map(named), mend)
