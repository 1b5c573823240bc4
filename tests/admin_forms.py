"""The administration site's forms, filled in as a browser would."""

from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse


def address(row: Model | type[Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=arguments)


def send(client: Client, row: Model | type[Model], **changes: Any) -> list[str]:
    """Send a row's form as its page shows it, with changes; the errors that the answer shows."""
    place = address(row, "change", row.pk) if isinstance(row, Model) else address(row, "add")
    page = client.get(place)
    given = {**shown(page.context["adminform"].form), **changes}
    for formset in page.context["inline_admin_formsets"]:
        for form in [formset.formset.management_form, *formset.formset.forms]:
            given = {**shown(form), **given}
    answer = client.post(place, given)
    return errors_on(answer)


def shown(form: Any) -> dict[str, Any]:
    """What a browser would send of a form that nobody touched."""
    given: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, bool):
            given.update({bound.html_name: "on"} if value else {})
        elif value is not None:
            shown_value = bound.field.widget.format_value(value)
            given[bound.html_name] = (
                shown_value[0] if isinstance(shown_value, list) else shown_value
            )
    return {name: "" if value is None else value for name, value in given.items()}


def errors_on(answer: Any) -> list[str]:
    assert answer.status_code in (200, 302)
    if answer.status_code == 302:
        return []
    found = [str(error) for error in answer.context["errors"]]
    assert found, "The page came back without an error on it."
    return [line for error in found for line in text_of(error)]


def text_of(html: str) -> list[str]:
    return [part.split("<")[0].replace("&#x27;", "'") for part in html.split("<li>")[1:]] or [html]
