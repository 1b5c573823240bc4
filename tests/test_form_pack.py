"""The promises of the GOV.UK template pack, on a form with every kind of field."""

import re
from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template

from programmes.form_fields import DateField, MoneyField, SizeField

CHOICES = [("a", "First"), ("b", "Second")]


class EveryKind(forms.Form):
    title = forms.CharField(help_text="As the board knows it.")
    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    note = forms.CharField(widget=forms.Textarea, required=False)
    stage = forms.ChoiceField(choices=CHOICES)
    kind = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, help_text="One of two.")
    forces = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    sure = forms.BooleanField(label="I have checked it", error_messages={"required": "Tick it"})
    counted_on = DateField(label="Date of the count", help_text="For example, 31 3 2018")
    amount = MoneyField()
    size = SizeField()
    order = forms.IntegerField(min_value=1)
    workbook = forms.FileField()
    password = forms.CharField(widget=forms.PasswordInput)
    version = forms.IntegerField(widget=forms.HiddenInput)


def page_of(form: Any, source: str = "{% crispy form %}") -> str:
    return str(Template("{% load crispy_forms_tags %}" + source).render(Context({"form": form})))


def ids(page: str) -> list[str]:
    return re.findall(r'\sid="([^"]*)"', page)


def summary_of(page: str) -> str:
    return page.split("govuk-error-summary__list")[1].split("</ul>")[0]


@pytest.fixture(params=["{% crispy form %}", "{{ form|crispy }}"])
def source(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_link_of_the_error_summary_points_at_an_id_on_the_page(source: str) -> None:
    page = page_of(EveryKind({}), source)

    targets = re.findall(r'href="#([^"]+)"', summary_of(page))
    assert len(targets) == 12
    assert set(targets) <= set(ids(page))


def test_a_date_with_a_wrong_month_is_linked_to_its_month() -> None:
    boxes = {"counted_on_day": "1", "counted_on_month": "13", "counted_on_year": "2018"}
    page = page_of(EveryKind(boxes))

    assert 'href="#id_counted_on_month"' in page
    assert len(re.findall(r"govuk-date-input__input[^>]*govuk-input--error", page)) == 1


def test_ids_are_unique_and_every_label_and_description_has_its_element(source: str) -> None:
    page = page_of(EveryKind({}), source)

    found = ids(page)
    assert len(found) == len(set(found))
    assert set(re.findall(r'<label[^>]*\sfor="([^"]+)"', page)) <= set(found)
    described = {i for ref in re.findall(r'aria-describedby="([^"]+)"', page) for i in ref.split()}
    assert described
    assert described <= set(found)


def test_an_error_is_announced_as_one_beside_its_field() -> None:
    page = page_of(EveryKind({}))

    assert page.count('<span class="govuk-visually-hidden">Error:</span>') == 13 - 1
    assert 'id="id_title_error"' in page


def test_the_summary_follows_the_order_of_the_page() -> None:
    class Turned(forms.Form):
        first = forms.CharField(label="First")
        second = forms.CharField(label="Second")
        helper = FormHelper()
        helper.layout = Layout(Fieldset("Both", "second", "first"), Submit("save", "Save"))

    summary = summary_of(page_of(Turned({})))

    assert summary.index("#id_second") < summary.index("#id_first")


def test_no_field_carries_the_browsers_own_checks(source: str) -> None:
    page = page_of(EveryKind(), source)

    assert not re.search(r"\srequired[\s>=]", page)
    assert 'type="number"' not in page
    assert "placeholder" not in page
    assert "novalidate" in page or source.startswith("{{")


def test_what_was_typed_survives() -> None:
    typed = {
        "title": "<b>Fleet</b>",
        "kind": "b",
        "forces": ["b"],
        "stage": "b",
        "amount": "about 5",
        "size": "12,34",
        "order": "three",
        "counted_on_day": "31",
        "counted_on_month": "Feb",
        "counted_on_year": "17",
        "password": "secret",
    }
    page = page_of(EveryKind(typed))

    for value in ("&lt;b&gt;Fleet", "about 5", "12,34", "three", "31", "Feb", "17"):
        assert f'value="{value}' in page
    assert re.search(r'id="id_kind_1"[^>]*checked', page)
    assert re.search(r'id="id_forces_1"[^>]*checked', page)
    assert '<option value="b" selected>' in page
    assert "secret" not in page


def test_a_form_with_a_file_is_sent_as_one() -> None:
    assert 'enctype="multipart/form-data"' in page_of(EveryKind())
    assert EveryKind({}, {"workbook": SimpleUploadedFile("a.csv", b"a")}).is_multipart()


def test_an_optional_field_says_so() -> None:
    page = page_of(EveryKind())

    assert page.count("(optional)") == 1
    assert re.search(r"Note\s*\(optional\)", page)


def test_groups_of_inputs_stand_in_a_fieldset_with_a_legend() -> None:
    page = page_of(EveryKind())

    assert page.count("<fieldset") == page.count("<legend") == 3


def test_a_form_whose_errors_are_summed_up_above_does_not_repeat_them() -> None:
    page = page_of(EveryKind({}), "{{ form|as_crispy_errors }}{% crispy form %}")

    assert page.count('data-module="govuk-error-summary"') == 1


def test_a_formset_has_one_summary_whose_links_lead_to_its_lines() -> None:
    lines = forms.formset_factory(EveryKind, extra=2, min_num=0)
    sent = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0"}
    sent |= {"form-0-title": "x", "form-1-title": "y"}
    page = page_of(lines(sent), "{{ form|crispy }}")

    targets = re.findall(r'href="#([^"]+)"', summary_of(page))
    assert page.count('data-module="govuk-error-summary"') == 1
    assert len(targets) == 22
    assert set(targets) <= set(ids(page))
    assert "Line 2: " in page


def test_a_field_left_empty_says_what_to_do() -> None:
    summary = summary_of(page_of(EveryKind({})))

    for sentence in ("Enter the title", "Choose the kind", "Choose the workbook", "Enter the size"):
        assert f">{sentence}</a>" in summary
    assert "This field is required" not in summary


def test_an_error_of_the_whole_form_is_in_the_summary() -> None:
    class Refused(forms.Form):
        def clean(self) -> None:
            raise forms.ValidationError("The percentages add up to 99.99, not 100")

    assert "The percentages add up to 99.99" in summary_of(page_of(Refused({})))


def test_pounds_have_their_sign_before_the_box() -> None:
    page = page_of(EveryKind())

    assert '<div class="govuk-input__prefix" aria-hidden="true">£</div>' in page
