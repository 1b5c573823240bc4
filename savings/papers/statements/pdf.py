"""A statement as tagged PDF/UA-1: read aloud in order, with heads of columns and rows."""

import json
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import category

import pikepdf
import typst
from fontTools.ttLib import TTFont

from savings.papers.statements.parts import Heading, Paragraph, Points, Statement, Table

_TEMPLATE = Path(__file__).with_name("statement.typ")
FONTS = Path(__file__).parents[3] / "static" / "node_modules" / "@expo-google-fonts" / "arimo"
# Stands for a character that the fonts do not have: a PDF in which one is missing cannot be read aloud.
MISSING = "\N{REPLACEMENT CHARACTER}"
_NEVER = {"Cc", "Cn", "Co", "Cs"}  # controls, and what is no character of any writing
_KINDS = {Heading: "heading", Paragraph: "paragraph", Points: "points", Table: "table"}


def as_pdf(statement: Statement) -> bytes:
    """The document."""
    said = {
        "title": statement.title,
        "author": "Alliance portal",
        "facts": statement.facts,
        "foot": statement.title,
        "blocks": [{"is": _KINDS[type(block)], **vars(block)} for block in statement.blocks],
    }
    made = typst.compile(
        _TEMPLATE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(_shown(said))},
        pdf_standards="ua-1",
    )
    return _with_row_heads(made)


def _shown(said: Any) -> Any:
    """The same with each text as the font can show it."""
    if isinstance(said, str):
        known = _characters()
        return "".join(each if each in known else MISSING for each in said)
    if isinstance(said, dict):
        return {key: _shown(value) for key, value in said.items()}
    return [_shown(each) for each in said] if isinstance(said, list | tuple) else said


@cache
def _characters() -> frozenset[str]:
    """Every character that each weight of the font has, and a new line."""
    found = []
    for name in ("400Regular", "700Bold"):
        with TTFont(FONTS / name / f"Arimo_{name}.ttf", lazy=True) as font:
            found.append(set(map(chr, font.getBestCmap())))
    shown = {each for each in set.intersection(*found) if category(each) not in _NEVER}
    return frozenset(shown - {"\ufeff"} | {"\n"})


def _with_row_heads(made: bytes) -> bytes:
    """The document with each row's first cell marked as its head, which the typesetter cannot yet say."""
    out = BytesIO()
    with pikepdf.open(BytesIO(made)) as document:
        _mark(document.Root.StructTreeRoot)
        document.save(out)
    return out.getvalue()


def _mark(element: Any) -> None:
    """Every row inside the element of the structure tree."""
    children = element.get("/K", None)
    if children is None:
        return
    every = list(children) if isinstance(children, pikepdf.Array) else [children]
    inside = [each for each in every if isinstance(each, pikepdf.Dictionary) and "/S" in each]
    if element.get("/S") == "/TR" and inside and inside[0].S == "/TD":
        inside[0].S = pikepdf.Name.TH
        scope = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
        inside[0].A = pikepdf.Array([scope])
    for each in inside:
        _mark(each)
