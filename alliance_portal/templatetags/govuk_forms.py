"""What the GOV.UK template pack for crispy-forms asks of a form and its fields.

The pack lives in templates/govuk/. Its promises: every link of an error summary points at an id
that is on the page, errors come in the page's order, and no field carries the browser's own
`required`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.safestring import SafeString

from programmes.form_fields import DateInput, mid_sentence

register = template.Library()

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (DateInput, "date"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
)
BASE_CLASS = {"select": "select", "textarea": "textarea", "file": "file-upload"}


@dataclass(frozen=True)
class Problem:
    """One line of an error summary; `target` is the id it links to, or empty for none."""

    sentence: str
    target: str


@register.filter
def govuk_kind(field: BoundField) -> str:
    """Which of GOV.UK's inputs a field is: "radios", "date", "select" …, or "input"."""
    widget = field.field.widget
    return next((kind for cls, kind in KINDS if isinstance(widget, cls)), "input")


@register.simple_tag
def govuk_widget(field: BoundField) -> SafeString:
    """The field's input as GOV.UK writes it; a number is a text box, which keeps what was typed."""
    kind = govuk_kind(field)
    widget = field.field.widget
    widget.attrs.pop("placeholder", None)
    widget.attrs.pop("maxlength", None)  # a browser would cut what is pasted, and say nothing
    field.form.use_required_attribute = False
    base = f"govuk-{BASE_CLASS.get(kind, 'input')}"
    classes = [base, *str(widget.attrs.get("class", "")).split()]
    if field.errors:
        classes.append(f"{base}--error")
    if kind == "password":
        classes += ["govuk-password-input__input", "govuk-js-password-input-input"]
    if most_characters(field):
        classes.append("govuk-js-character-count")
    attrs: dict[str, str | bool] = {"class": " ".join(dict.fromkeys(classes))}
    if described_by(field):
        attrs["aria-describedby"] = described_by(field)
    if isinstance(widget, forms.NumberInput):
        return field.as_widget(widget=_text_box_for(field), attrs=attrs)
    if isinstance(widget, forms.ClearableFileInput):
        return field.as_widget(widget=forms.FileInput(attrs=widget.attrs), attrs=attrs)
    return field.as_widget(attrs=attrs)


def _text_box_for(field: BoundField) -> forms.TextInput:
    """A text box in place of a number input, which would drop what it does not understand."""
    kept = {k: v for k, v in field.field.widget.attrs.items() if k not in {"min", "max", "step"}}
    mode = (
        "decimal" if isinstance(field.field, forms.DecimalField | forms.FloatField) else "numeric"
    )
    width = "" if "class" in kept else "govuk-input--width-10"
    return forms.TextInput({"inputmode": mode, "spellcheck": "false", "class": width, **kept})


@register.filter
def most_characters(field: BoundField) -> int:
    """How many characters a field for words may take; nought where nothing is counted."""
    return getattr(field.field, "longest", 0) if govuk_kind(field) in {"input", "textarea"} else 0


@register.filter
def govuk_options(field: BoundField) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each option of radios or checkboxes, with the heading of its group where a group begins."""
    widget = field.field.widget
    attrs = {"id": field.auto_id} if field.auto_id else {}
    values = widget.format_value(field.value())
    for group, options, _ in widget.optgroups(field.html_name, values, attrs):
        for place, option in enumerate(options):
            yield (str(group) if group and place == 0 else ""), option


@register.filter
def date_boxes(field: BoundField) -> list[dict[str, Any]]:
    """The three boxes of a date, each with its label, value and whether it is wrong."""
    context = field.field.widget.get_context(
        field.html_name, field.value(), {"id": field.auto_id} if field.auto_id else {}
    )
    wrong = wrong_parts(field)
    boxes: list[dict[str, Any]] = context["widget"]["subwidgets"]
    for box in boxes:
        box["is_wrong"] = box["part"] in wrong
    return boxes


def wrong_parts(field: BoundField) -> tuple[str, ...]:
    """The parts of a date that its first error names; all of them if it names none."""
    errors = field.errors.as_data()
    if not errors:
        return ()
    params = errors[0].params or {}
    return tuple(params.get("parts", ("day", "month", "year")))


@register.filter
def first_id(field: BoundField) -> str:
    """The id of the first thing to mend in a field: an option, a box of a date, or the input."""
    if field.is_hidden or not field.auto_id:
        return ""
    kind = govuk_kind(field)
    if kind in {"radios", "checkboxes"}:
        return f"{field.auto_id}_0" if next(iter(govuk_options(field)), None) else ""
    if kind == "date":
        return f"{field.auto_id}_{(wrong_parts(field) or ('day',))[0]}"
    if isinstance(field.field.widget, forms.MultiWidget):
        return f"{field.auto_id}_0"
    return field.auto_id


@register.filter
def sentences(field: BoundField) -> list[str]:
    """What is wrong with a field; "This field is required." becomes what to do about it."""
    errors = field.errors.as_data()
    return [
        _what_to_enter(field)
        if error.code == "required"
        and error.message == forms.Field.default_error_messages["required"]
        else str(message)
        for error, message in zip(errors, field.errors, strict=True)
    ]


def _what_to_enter(field: BoundField) -> str:
    label, kind = str(field.label), govuk_kind(field)
    if label.endswith("?"):
        return f"Answer “{label}”"
    if kind == "checkbox":
        return f"Tick “{label}”"
    verb = "Choose" if kind in {"select", "radios", "checkboxes", "file"} else "Enter"
    return f"{verb} the {mid_sentence(label)}"


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of a field's hint and error, for aria-describedby."""
    ids = [f"{field.auto_id}_helptext"] if field.help_text else []
    ids += [f"{field.auto_id}_error"] if field.errors else []
    return " ".join(ids + ([f"{field.auto_id}-info"] if most_characters(field) else []))


@register.simple_tag
def problems_of(*sources: Any) -> list[Problem]:
    """Every problem of the forms and formsets given, in the page's order; marks them summed up."""
    found: list[Problem] = []
    for source in sources:
        if isinstance(source, BaseFormSet):
            found += _problems_of_formset(source)
        elif isinstance(source, forms.BaseForm):
            found += _problems_of_form(source)
    return found


def _problems_of_formset(formset: "BaseFormSet[Any]") -> list[Problem]:
    formset.is_summed_up = True  # type: ignore[attr-defined]
    if not formset.is_bound:
        return []
    found = [Problem(str(sentence), "") for sentence in formset.non_form_errors()]
    for number, form in enumerate(formset.forms, 1):
        found += [
            Problem(f"Line {number}: {problem.sentence}", problem.target)
            for problem in _problems_of_form(form)
        ]
    return found


def _problems_of_form(form: forms.BaseForm) -> list[Problem]:
    form.is_summed_up = True  # type: ignore[attr-defined]
    found = [Problem(str(sentence), "") for sentence in form.non_field_errors()]
    for name in _in_page_order(form):
        field = form[name]
        found += [Problem(sentence, first_id(field)) for sentence in sentences(field)]
    return found


def _in_page_order(form: forms.BaseForm) -> list[str]:
    """The form's field names as its layout shows them, those outside the layout last."""
    layout = getattr(getattr(form, "helper", None), "layout", None)
    shown = [pointer.name for pointer in layout.get_field_names()] if layout else []
    placed = [name for name in shown if name in form.fields]
    return placed + [name for name in form.fields if name not in placed]
