"""No box cuts what is typed or pasted: it is counted, and refused with how many are too many."""

import re

import pytest
from django import forms
from django.contrib import admin
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from programmes.form_fields import TextField
from tests import factories
from tests.conftest import OpenPage
from tests.scenes import Scene
from tests.serving import DCD, Portal
from tests.test_any_address import addresses, scene  # noqa: F401

LONGEST = 40
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=2 * LONGEST)


class Words(forms.Form):
    """A form with words in it."""

    why = TextField(label="Why it is so", longest=LONGEST, shortest=5, lines=3)
    name = TextField(label="Name", longest=10, required=False)


@given(text=texts)
def test_text_is_taken_whole_or_refused_with_how_many_are_too_many(text: str) -> None:
    form = Words({"why": text})
    counted = text.strip().replace("\r\n", "\n").replace("\r", "\n")

    if form.is_valid():
        assert form.cleaned_data["why"] == counted and 5 <= len(counted) <= LONGEST
    elif len(counted) > LONGEST:
        must, has = f"must be {LONGEST} characters or fewer", len(counted)
        sentence = f"Why it is so {must}; it has {has}, which is {has - LONGEST} too many"
        assert form.errors["why"] == [sentence]
    else:
        assert len(counted) < 5


def test_the_page_counts_and_says_so_without_script_too() -> None:
    page = Template("{% load crispy_forms_filters %}{{ form|crispy }}").render(
        Context({"form": Words({"why": "x" * 41})})
    )
    page = re.sub(r"\s+", " ", page)

    assert 'data-module="govuk-character-count" data-maxlength="40"' in page
    assert 'data-module="govuk-character-count" data-maxlength="10" data-threshold="75"' in page
    assert '<div class="govuk-hint govuk-character-count__message" id="id_why-info">' in page
    assert 'aria-describedby="id_why_error id_why-info"' in page
    assert "it has 41, which is 1 too many" in page


@pytest.mark.django_db
def test_no_box_of_any_page_has_a_length_at_which_the_browser_cuts(
    client: Client,
    scene: Scene,  # noqa: F811
) -> None:
    client.force_login(factories.administrator())
    pages = [*addresses(scene), "/accounts/password/change/"]
    pages += [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        for model in admin.site._registry
        if model._meta.app_label in ("programmes", "business_areas", "savings")
    ]
    cut, boxes = [], 0
    for address in pages:
        answer = client.get(address)
        page = "" if answer.streaming else answer.content.decode(errors="ignore")
        boxes += page.count("<textarea") + page.count('type="text"')
        cut += [address] if " maxlength=" in page else []
    client.logout()
    for name in ("account_login", "account_reset_password"):
        cut += [name] if b" maxlength=" in client.get(reverse(name)).content else []

    assert cut == []
    assert boxes > 50


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_the_count_follows_what_is_typed(
    portal_to_look_at: Portal, open_page: OpenPage, script: bool
) -> None:
    page = portal_to_look_at.admit(open_page(script=script), "manager.dcd@portal.example")
    page.goto(f"{portal_to_look_at.url}{DCD}statuses/programme/budget/")
    box = page.get_by_label("Why it differs from the data")
    box.fill("x" * 1003)
    if script:
        expect(page.get_by_text("You have 3 characters too many").first).to_be_visible()
    else:
        expect(page.get_by_text("You can enter up to 1,000 characters").first).to_be_visible()
    page.get_by_role("button", name="Set the status").click()

    expect(page.get_by_text("it has 1,003, which is 3 too many").first).to_be_visible()
    expect(box).to_have_value("x" * 1003)
