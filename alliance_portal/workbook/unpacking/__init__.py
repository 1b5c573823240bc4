"""Prints the cells of a workbook as JSON lines, in a process of its own; `guard` starts it.

The process limits its own memory and processor time before it opens anything, so that a file made
to exhaust a machine ends here. It imports openpyxl, only with defusedxml, and python-calamine alone.

Lines: `{"sheet": name}`, then `{"row": number, "cells": [...]}` for each row with anything in it.
A cell is null, a text, or a pair: ["number", text], ["date", ISO text], ["yes", bool],
["formula", text] or ["error", text]. `{"note": word, …}` is something to tell
of the sheet; `{"fault": word, …}` says why no more of the sheet is read,
`{"refused": word, …}` why no more of the workbook; `guard` has a sentence for each word. The last
line is `{"end": true}` or the refusal. Sheets that the portal does not know are named, not read.
"""
