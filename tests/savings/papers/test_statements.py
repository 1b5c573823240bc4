"""The statements: what they say, that PDF and Word say the same, and that either can be read aloud."""

import io
import re
from typing import Any

import docx
import page
import pikepdf
import pytest
from django.test import Client

from programmes import words
from programmes.models import Role
from savings.models import Share
from savings.papers.statements.methodology import example_of, methodology
from savings.papers.statements.parts import (
    Block,
    Heading,
    Paragraph,
    Points,
    Statement,
    Table,
)
from savings.papers.statements.pdf import as_pdf
from savings.papers.statements.settlement import settlement_statement
from savings.papers.statements.word import as_word
from tests import factories
from tests.savings.papers.alliances import YEAR, any_alliance

# What a typesetter would take for its own words.
WILD = (
    '#let x = 1; *bold* _it_ $1^2$ <b> &amp; @ref \\ "quoted" [x] // no /* way */ \x00\x0b\ufffe = 1'
    " \U0001f46e 警察 שלום e\u0301 \u00ad\u200b\u202e\ufeff\ue000"
)
EVERYTHING = Statement(
    WILD,
    [("As at", WILD)],
    [
        Heading(WILD),
        Paragraph(WILD),
        Points([WILD, "Two"]),
        Heading("Below", 2),
        Table(WILD, ["Force", "£"], [[WILD, "1.00"], ["Dorset", "2.00"]]),
        Table("Long", ["Rule", "What"], [["word " * 40, WILD * 3]] * 30, figures=False),
    ],
)


def texts(blocks: list[Block]) -> list[str]:
    """Everything that the blocks say."""
    said: list[str] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            said.append(block.text)
        elif isinstance(block, Points):
            said += block.points
        else:
            said += [block.name, *block.head, *(cell for row in block.rows for cell in row)]
    return said


def in_word(made: bytes) -> set[str]:
    document = docx.Document(io.BytesIO(made))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return {
        *(each.text for each in document.paragraphs),
        *(part.text for cell in cells for part in cell.paragraphs),
    }


def holds_to_ua(made: bytes) -> bool:
    report = page.validate_pdf_bytes(made, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, str(report)
    return True


def rows_of(element: Any) -> list[list[str]]:
    """The kinds of cells of each row in the structure tree."""
    children = element.get("/K")
    every = list(children) if isinstance(children, pikepdf.Array) else [children]
    inside = [each for each in every if isinstance(each, pikepdf.Dictionary) and "/S" in each]
    own = [[str(each.S) for each in inside]] if element.get("/S") == "/TR" else []
    return own + [row for each in inside for row in rows_of(each)]


def test_any_text_is_only_text_in_a_pdf_that_is_read_aloud() -> None:
    made = as_pdf(EVERYTHING)

    assert holds_to_ua(made)
    with pikepdf.open(io.BytesIO(made)) as document:
        rows = rows_of(document.Root.StructTreeRoot)
        fonts = {
            str(font.BaseFont) for each in document.pages for font in each.Resources.Font.values()
        }
        assert str(document.Root.Lang) == "en-GB"
    assert ["/TH", "/TH"] in rows  # the heads of the columns
    assert ["/TH", "/TD"] in rows
    assert all(row[0] == "/TH" for row in rows)
    assert all("Arimo" in font for font in fonts if "Mono" not in font), fonts


def test_word_has_the_same_words_and_real_heads() -> None:
    made = as_word(EVERYTHING)

    document = docx.Document(io.BytesIO(made))
    written = re.sub(r"[\x00\x0b\ufffe]", "", WILD)
    assert [each.style.name for each in document.paragraphs if each.text == written][:2] == [
        "Title",
        "Heading 1",
    ]
    assert written in in_word(made)
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_a_methodology_states_rules_sizes_and_a_real_amount(seed: int) -> None:
    alliance = any_alliance(seed)
    alliance.data_note = WILD
    statement = methodology(alliance, alliance.today(factories.APRIL_2016))
    said = texts(list(statement.blocks))

    for force in alliance.forces.all():
        assert force.name in said
    assert any(text.startswith("From 1 April 2015, ") for text in said)
    example = example_of(alliance)
    steps = [each for each in statement.blocks if isinstance(each, Table) and "step" in each.name]
    if example:
        assert steps[0].rows[-1][-1] == words.pounds(example.amount.pence)
        assert words.pounds(example.line.forces[0].share) == steps[0].rows[0][-1]
    else:
        assert steps == []
        assert not Share.objects.filter(amount__item__kind="COST").exists()
    assert holds_to_ua(as_pdf(statement))
    word = in_word(as_word(statement))
    assert [text for text in said if re.sub(r"[\x00\x0b\ufffe]", "", text) not in word] == []


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_a_settlement_statement_has_every_account(seed: int) -> None:
    alliance = any_alliance(seed)
    statement = settlement_statement(alliance, YEAR, factories.APRIL_2016)
    if statement is None:
        return

    said = texts(list(statement.blocks))
    assert "Draft" in statement.facts[0][1]
    assert any("pays" in text or "not yet shared" in text or "Nothing" in text for text in said)
    assert holds_to_ua(as_pdf(statement))


@pytest.mark.django_db
def test_an_empty_alliance_has_a_methodology_too() -> None:
    alliance = factories.alliance()

    statement = methodology(alliance, factories.APRIL_2016)

    assert "No sharing rule is on record, so nothing is shared yet." in texts(
        list(statement.blocks)
    )
    assert holds_to_ua(as_pdf(statement))


@pytest.mark.django_db
def test_a_settlement_statement_asks_as_little_as_a_page(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    alliance = any_alliance(1)
    client.force_login(factories.role(alliance=alliance, kind=Role.Kind.PANEL_MEMBER).user)

    with django_assert_max_num_queries(15):
        answer = client.get("/alliances/any/money/papers/2016-17/settlement.docx")

    assert answer.status_code == 200


@pytest.mark.django_db
def test_each_statement_is_a_file(client: Client) -> None:
    alliance = any_alliance(1)
    client.force_login(factories.role(alliance=alliance, kind=Role.Kind.PANEL_MEMBER).user)
    papers = "/alliances/any/money/papers/"

    for name in ("methodology", "2016-17/settlement"):
        pdf, word = (client.get(f"{papers}{name}.{ending}") for ending in ("pdf", "docx"))
        assert pdf.content.startswith(b"%PDF-1.7")
        assert word.content.startswith(b"PK")
        assert pdf["Content-Disposition"].endswith('.pdf"')
    assert client.get(f"{papers}1999-00/settlement.pdf").status_code == 404
    factories.recompute_request(area=alliance.areas.all()[0], year=YEAR)
    assert client.get(f"{papers}2016-17/settlement.pdf").status_code == 503
