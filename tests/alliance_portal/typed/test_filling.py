"""A form filled in with what was typed: every value is there again, and nothing else on the page moves."""

from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.typed.filling import fill, forms_of

ADDRESS = "/alliances/hills/areas/fleet/edit/lead"
words = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"))


def a_page(fields: str, action: str = "") -> str:
    return (
        '<form method="get"><input name="head" value="search"></form>\n'
        f'<form class="x" method="post" action="{action}"><input type="hidden" '
        f'name="csrfmiddlewaretoken" value="new">\n{fields}</form><p>After &amp; all</p>'
    )


FIELDS = (
    '<input type="text" id="h" name="head" value="As it was &lt;"> <textarea name="why" rows="3">\n'
    'As it\nwas</textarea><input type="password" name="secret">'
)


@given(head=words, why=words)
def test_whatever_was_typed_is_in_its_boxes_again(head: str, why: str) -> None:
    page = a_page(FIELDS)

    filled = fill(
        page, ADDRESS, ADDRESS, {"head": [head], "why": [why], "csrfmiddlewaretoken": ["old"]}
    )

    assert filled is not None
    form = forms_of(filled)[1]
    boxes = {tag.attributes["name"]: tag for tag in form.tags}
    area = boxes["why"]
    assert boxes["head"].attributes["value"] == head
    assert unescape(filled[area.end : area.content_end].removeprefix("\n")) == why
    assert boxes["csrfmiddlewaretoken"].attributes["value"] == "new"
    assert "value" not in boxes["secret"].attributes
    assert filled[area.content_end :] == page[page.index("</textarea>") :]
    assert filled.startswith(page[: page.index('<input type="text"')])


def test_ticks_radios_and_lists_stand_as_they_were_sent() -> None:
    fields = (
        '<input type="checkbox" name="in" value="1" checked><input type="checkbox" name="in" value="2">'
        '<input type="radio" name="stage" value="A" checked><input type="radio" name="stage" value="B">'
        '<input type="checkbox" name="publish"><select name="owner"><option value="">Nobody</option>'
        '<option value="7" selected>Ann</option><option value="8">Ben</option></select>'
    )

    filled = fill(
        a_page(fields),
        ADDRESS,
        ADDRESS,
        {"in": ["2"], "stage": ["B"], "publish": ["on"], "owner": ["8"]},
    )

    assert filled is not None
    tags = forms_of(filled)[1].tags
    ticked = [tag.attributes.get("value") for tag in tags if "checked" in tag.attributes]
    assert ticked == ["2", "B", None]
    (owner,) = (tag for tag in tags if tag.name == "select")
    assert [
        each.attributes["value"] for each in owner.options if "selected" in each.attributes
    ] == ["8"]


def test_of_two_forms_that_post_to_one_address_the_one_with_the_fields_is_filled() -> None:
    page = a_page('<textarea name="note"></textarea>') + a_page(
        '<textarea name="reason"></textarea><button name="set" value="1">Set</button>', ADDRESS
    )

    filled = fill(
        page, ADDRESS, f"{ADDRESS}?from=list", {"reason": ["Because of it"], "set": ["1"]}
    )

    assert filled is not None
    assert '<textarea name="note"></textarea>' in filled
    assert ">\nBecause of it</textarea>" in filled


def test_a_page_without_a_form_for_the_address_is_not_filled() -> None:
    assert fill(a_page(FIELDS, "/elsewhere"), ADDRESS, ADDRESS, {"head": ["Mine"]}) is None
