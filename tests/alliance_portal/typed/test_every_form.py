"""Every form of the portal keeps what was typed when the session ends, and only for who typed it."""

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import QueryDict
from django.test import Client

from alliance_portal.typed import keeping
from alliance_portal.typed.filling import Form, forms_of
from business_areas.models import BusinessArea
from programmes.models import User
from tests import factories
from tests.scenes import Scene
from tests.test_any_address import addresses, scene  # noqa: F401

pytestmark = pytest.mark.django_db
BACKEND = settings.AUTHENTICATION_BACKENDS[0]
LEAD = "/alliances/hills/areas/fleet/edit/lead/"
ADMINISTRATION = ("/admin/programmes/benefit/add/", "/admin/business_areas/raiditem/add/")


@pytest.fixture
def boss(db: None) -> User:
    """Somebody who may do everything."""
    return factories.administrator(name="Bo Boss")


@pytest.fixture
def browser_of_boss(boss: User) -> Client:
    """Their browser, in which tokens count."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(boss, backend=BACKEND)
    return browser


def text_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    is_html = answer.get("Content-Type", "").startswith("text/html")
    return answer.content.decode() if is_html and not answer.streaming else ""


def forms_with_words(page: str, address: str) -> Iterator[tuple[str, Form]]:
    """The page's own forms into which words can be typed, each with where it is sent."""
    for form in forms_of(page):
        where = urljoin(address, form.action)
        if form.posts and any(is_for_words(tag.name, tag.attributes) for tag in form.tags):
            yield where, form


def is_for_words(name: str, attributes: dict[str, str | None]) -> bool:
    if name == "textarea":
        return True
    is_number = attributes.get("inputmode") in ("numeric", "decimal")
    return name == "input" and attributes.get("type") in ("text", "search") and not is_number


def typed_into(form: Form) -> QueryDict:
    """What a browser sends: words in every box for words, the rest as the page has it."""
    sent = QueryDict(mutable=True)
    for n, tag in enumerate(form.tags):
        name, attributes = tag.attributes.get("name"), tag.attributes
        ticked = attributes.get("type") not in ("checkbox", "radio") or "checked" in attributes
        if name and is_for_words(tag.name, attributes):
            sent.appendlist(name, f"<Typed> words & more, no. {n}")
        elif name and tag.name == "input" and ticked:
            sent.appendlist(name, attributes.get("value") or "")
    return sent


def words_of(sent: QueryDict) -> list[str]:
    return [value for _, values in sent.lists() for value in values if value.startswith("<Typed>")]


def test_what_was_typed_into_any_form_is_there_again_after_signing_in(
    browser_of_boss: Client,
    boss: User,
    scene: Scene,  # noqa: F811
) -> None:
    tried, lost = 0, []
    for address in [*addresses(scene), *ADMINISTRATION]:
        for where, form in list(forms_with_words(text_of(browser_of_boss, address), address)):
            sent = typed_into(form)
            Session.objects.all().delete()
            answer = browser_of_boss.post(
                where,
                sent.urlencode(),
                "application/x-www-form-urlencoded",
                headers={"Referer": f"http://testserver{address}"},
            )
            assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
            browser_of_boss.force_login(boss, backend=BACKEND)
            page = browser_of_boss.get(where, follow=True).content.decode()
            tried += 1
            if keeping.SIGNED_OUT not in page or not all(
                f">\n{escape(words)}</textarea>" in page or f'value="{escape(words)}"' in page
                for words in words_of(sent)
            ):
                lost.append(f"{where} on {address}")

    assert not lost, "\n".join(lost)
    assert tried > 15


def test_a_form_sent_after_signing_in_elsewhere_is_shown_again_and_not_saved(
    browser_of_boss: Client,
    boss: User,
    scene: Scene,  # noqa: F811
) -> None:
    ((_, form),) = forms_with_words(text_of(browser_of_boss, LEAD), LEAD)
    browser_of_boss.cookies.pop("csrftoken")  # as signing in does: the token is another now

    answer = browser_of_boss.post(
        LEAD,
        typed_into(form).urlencode(),
        "application/x-www-form-urlencoded",
        headers={"Origin": "http://testserver"},
        follow=True,
    )

    assert keeping.SIGNED_IN_SINCE in answer.content.decode()
    assert escape("<Typed> words & more") in answer.content.decode()
    assert BusinessArea.objects.get(code="fleet").head == ""


def sent_without_token(browser: Client, sent: dict[str, str], **headers: str) -> tuple[int, str]:
    answer = browser.post(LEAD, sent, headers=headers)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://testserver:81"])
def test_another_site_plants_nothing_in_anybodys_form(
    browser_of_boss: Client,
    boss: User,
    scene: Scene,  # noqa: F811
    origin: str,
) -> None:
    sent = {"head": "Planted by another site", keeping.PAGE_OF: keeping.signed_page_of(boss.pk)}
    headers = {"Origin": origin} if origin else {}

    status, page = sent_without_token(browser_of_boss, sent, **headers)

    assert status == 403 and "Planted" not in page
    assert "Planted" not in text_of(browser_of_boss, LEAD)

    stranger = Client(enforce_csrf_checks=True)
    assert sent_without_token(stranger, sent, **headers)[0] == 403
    assert "sessionid" not in stranger.cookies


@pytest.mark.parametrize("page_of", ["", "1:forged", "mallory"])
def test_a_form_of_no_page_of_ones_own_is_not_kept(
    browser_of_boss: Client,
    scene: Scene,  # noqa: F811
    page_of: str,
) -> None:
    mallory = factories.user()
    token = keeping.signed_page_of(mallory.pk) if page_of == "mallory" else page_of
    sent = {"head": "Planted by somebody", keeping.PAGE_OF: token}

    status, _ = sent_without_token(browser_of_boss, sent, Origin="http://testserver")

    assert status == 403
    assert "Planted" not in text_of(browser_of_boss, LEAD)


def test_a_stranger_stores_nothing() -> None:
    stranger = Client()

    answer = stranger.post(LEAD, {"head": "x" * 1_000_000})

    assert answer.status_code == 302
    assert Session.objects.count() == 0


def test_more_than_a_session_should_carry_is_shown_to_copy_and_not_stored(
    browser_of_boss: Client,
    boss: User,
    scene: Scene,  # noqa: F811
) -> None:
    ((_, form),) = forms_with_words(text_of(browser_of_boss, LEAD), LEAD)
    sent = typed_into(form)
    sent["head"] = "Many words " * 100_000
    Session.objects.all().delete()

    answer = browser_of_boss.post(LEAD, sent.urlencode(), "application/x-www-form-urlencoded")

    assert answer.status_code == 403
    assert "Many words Many words" in answer.content.decode()
    assert Session.objects.count() == 0


def test_nobody_else_at_the_same_machine_sees_what_was_typed(
    browser_of_boss: Client,
    boss: User,
    scene: Scene,  # noqa: F811
) -> None:
    ((_, form),) = forms_with_words(text_of(browser_of_boss, LEAD), LEAD)
    Session.objects.all().delete()
    browser_of_boss.post(LEAD, typed_into(form).urlencode(), "application/x-www-form-urlencoded")
    other = factories.administrator(name="Somebody else")

    browser_of_boss.force_login(other, backend=BACKEND)

    assert "Typed" not in text_of(browser_of_boss, LEAD)
    assert "not yet saved" not in text_of(browser_of_boss, "/")
    browser_of_boss.force_login(boss, backend=BACKEND)
    assert "&lt;Typed&gt;" not in text_of(browser_of_boss, LEAD)


def test_passwords_are_never_kept(browser_of_boss: Client, boss: User) -> None:
    address = "/admin/programmes/user/add/"
    page = text_of(browser_of_boss, address)
    tokens = {
        name: re.search(rf'name="{name}" value="([^"]+)"', page)[1]  # type: ignore[index]
        for name in ("csrfmiddlewaretoken", keeping.PAGE_OF)
    }
    secret = "correct horse battery staple"
    Session.objects.all().delete()

    browser_of_boss.post(address, {**tokens, "email": "new@example.org", "password1": secret})

    kept = Session.objects.get().get_decoded()
    assert "new@example.org" in str(kept)
    assert secret not in str(kept)


def test_saving_it_ends_it_and_so_does_leaving_it_out(
    browser_of_boss: Client,
    boss: User,
    scene: Scene,  # noqa: F811
) -> None:
    for is_saved in (True, False):
        ((_, form),) = forms_with_words(text_of(browser_of_boss, LEAD), LEAD)
        encoded = "application/x-www-form-urlencoded"
        Session.objects.all().delete()
        browser_of_boss.post(LEAD, typed_into(form).urlencode(), encoded)
        browser_of_boss.force_login(boss, backend=BACKEND)
        page = text_of(browser_of_boss, LEAD)
        assert "not yet saved" in text_of(browser_of_boss, "/")
        (form,) = (each for each in forms_of(page) if "head" in each.names)
        token = next(
            tag.attributes["value"]
            for tag in form.tags
            if tag.attributes.get("name") == "csrfmiddlewaretoken"
        )
        if is_saved:
            browser_of_boss.post(LEAD, typed_into(form).urlencode(), encoded)
        else:
            leave = {"csrfmiddlewaretoken": token, "address": LEAD, "onward": LEAD}
            assert browser_of_boss.post("/typed/leave", leave)["Location"] == LEAD

        assert "not yet saved" not in text_of(browser_of_boss, "/")
        assert keeping.SIGNED_OUT not in text_of(browser_of_boss, LEAD)
