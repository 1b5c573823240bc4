"""A statement as a Word document, with real headings, lists and heads of tables."""

import re
from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from savings.papers.statements.parts import Block, Heading, Paragraph, Points, Statement, Table

# What XML cannot hold.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def as_word(statement: Statement) -> bytes:
    """The document."""
    document = docx.Document()
    document.core_properties.title = _plain(statement.title)
    document.core_properties.author = "Alliance portal"
    document.core_properties.language = "en-GB"
    _look(document)
    document.add_heading(_plain(statement.title), level=0)
    for name, fact in statement.facts:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(_plain(fact))
    for block in statement.blocks:
        _add(document, block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _look(document: Any) -> None:
    """A4, and Arial throughout."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = "Arial"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{script}"), None)
    document.styles["Normal"].font.size = Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _add(document: Any, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(_plain(block.text), level=block.level)
    elif isinstance(block, Paragraph):
        document.add_paragraph(_plain(block.text))
    elif isinstance(block, Points):
        for point in block.points:
            document.add_paragraph(_plain(point), style="List Bullet")
    else:
        _add_table(document, block)


def _add_table(document: Any, block: Table) -> None:
    name = document.add_paragraph()
    name.add_run(_plain(block.name)).bold = True
    name.paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=len(block.head), style="Table Grid")
    for number, row in enumerate([block.head, *block.rows]):
        cells = table.add_row().cells
        for at, text in enumerate(row):
            paragraph = cells[at].paragraphs[0]
            run = paragraph.add_run(_plain(text))
            run.font.size = Pt(9.5)
            run.bold = number == 0 or at == 0
            if block.figures and at:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001
    document.add_paragraph()


def _plain(text: str) -> str:
    return _UNWRITABLE.sub("", text)
