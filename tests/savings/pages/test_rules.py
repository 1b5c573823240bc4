"""Sharing rules are set, superseded, corrected, ended and taken away on pages that price them first."""

from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programmes.models import Change, SizeMeasure, User
from savings import recompute, services
from savings.models import FinancialYear, PoolShare, SharingRule
from savings.selectors.rules import before_last_change
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = pytest.mark.django_db

TODAY = date(2017, 6, 1)
WHY = {"check-reason": "The joint committee agreed it", "save": "1"}


@pytest.fixture
def scene() -> Scene:
    """Held on 1 June 2017, with a saving of £600 in each of three years, worked out."""
    scene = a_scene()
    scene.alliance.held_on = TODAY
    scene.alliance.save()
    parts = scene.item("parts", "SAVING")
    for year in (2016, 2017, 2018):
        scene.amount(parts, 600_00, year, "FORECAST")
    work_out(scene)
    return scene


@pytest.fixture
def alice(scene: Scene) -> User:
    role = factories.role(alliance=scene.alliance, kind="FINANCE_OFFICER")
    return role.user


@pytest.fixture
def client(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def work_out(scene: Scene) -> None:
    recompute.bring_up_to_date(alliance_id=scene.alliance.pk, cause="A test", everything=True)


def shares(year: int) -> list[int]:
    """North's, South's and East's of a year."""
    of_year = PoolShare.objects.filter(pool__year=year, pool__version="FORECAST")
    return list(of_year.order_by("force__position").values_list("pence", flat=True))


def address(name: str, *more: object) -> str:
    return reverse(f"money-rule-{name}", args=["hills", *more])


def typed(scene: Scene, on: date = date(2017, 10, 1), **more: str) -> dict[str, str]:
    day = {
        "effective_on_day": str(on.day),
        "effective_on_month": str(on.month),
        "effective_on_year": str(on.year),
    }
    usual = {"method": "EQUAL", "sizes_as_at": "YEAR", "decimals": "4", "source": "Minute 14"}
    return {**day, **usual, **more}


def text(answer: HttpResponse) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def checked(client: Client, place: str, sent: dict[str, str]) -> HttpResponse:
    """The second step."""
    answer: Any = client.post(place, sent)
    assert answer.status_code == 200, answer
    assert "rehearsed" in answer.context, [*answer.context["form"].errors.items()]
    return answer


def saved(client: Client, place: str, sent: dict[str, str]) -> Change:
    """Both steps; the change that is on record."""
    shown: Any = checked(client, place, sent)
    priced = shown.context["rehearsed"].effect.digest
    answer = client.post(place, {**sent, **WHY, "priced": priced})
    assert answer.status_code == 302, text(answer)
    return Change.objects.filter(kind="RULE").latest("pk")


def rule_of_2018(scene: Scene) -> SharingRule:
    return scene.rule(date(2018, 4, 1))


def test_a_rule_supersedes_another_from_a_date_and_both_stay(scene: Scene, client: Client) -> None:
    before = shares(2017)
    place = address("set")
    sent = typed(scene, date(2018, 4, 1))

    page = text(checked(client, place, sent))
    assert "Nothing has been saved yet" in page and "2018/19" in page
    assert SharingRule.objects.count() == 1

    change = saved(client, place, sent)
    assert change.reason == WHY["check-reason"]
    assert change.made_by and {row["of"] for row in change.said} == {"Sharing rule"}
    work_out(scene)
    assert shares(2017) == before and shares(2018) == [200_00, 200_00, 200_00]
    stored = sum(abs(pence) for *_, pence in change.effect)
    assert stored == sum(abs(now - was) for now, was in zip(shares(2018), before, strict=True))
    assert SharingRule.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"method": "SIZE"}, "Enter a weight above 0 for at least one measure"),
        ({"method": "FIXED"}, "Enter each force’s percentage"),
        ({"percent_north": "50"}, "Percentages are typed, and only a rule of stated percentages"),
        ({"weight": "1"}, "Weights are typed, and only a rule by size has them"),
        (
            {"method": "FIXED", "percent_north": "50", "percent_south": "49.99"},
            "The percentages add up to 99.99; they must add up to 100",
        ),
        (
            {
                "method": "FIXED",
                "decimals": "0",
                "percent_north": "50.5",
                "percent_south": "49.5",
            },
            "50.5% has more decimal places than the rule’s 0.",
        ),
        ({"source": ""}, "Enter who agreed it, or where it is written"),
        (
            {"effective_on_day": "1", "effective_on_month": "4", "effective_on_year": "2015"},
            "already",
        ),
    ],
)
def test_what_is_no_rule_is_refused_in_a_sentence(
    scene: Scene, client: Client, more: dict[str, str], sentence: str
) -> None:
    named = {
        "percent_north": f"percent_{scene.north.pk}",
        "percent_south": f"percent_{scene.south.pk}",
        "weight": f"weight_{scene.officers.pk}",
    }
    sent = {**typed(scene), **{named.get(name, name): value for name, value in more.items()}}
    answer = client.post(address("set"), sent)
    assert sentence in text(answer)
    assert SharingRule.objects.count() == 1


def test_a_measure_without_sizes_is_said_before_it_is_saved(scene: Scene, client: Client) -> None:
    budget = SizeMeasure.objects.create(alliance=scene.alliance, name="Net revenue budget (£)")
    sent = typed(scene, date(2018, 4, 1), method="SIZE", **{f"weight_{budget.pk}": "1"})
    page = text(checked(client, address("set"), sent))
    assert "No Net revenue budget (£) on record for North Police on 1 April 2018." in page
    assert "Until it is recorded, nothing can be shared by this rule." in page
    assert "can then not be shared yet" in page


def test_a_rule_from_mid_year_says_what_stays_under_the_earlier_one(
    scene: Scene, client: Client
) -> None:
    page = text(checked(client, address("set"), typed(scene)))
    assert (
        "Forecast savings of £600.00 of 2017/18 are entered for the whole year, so they stay"
        in page
    )


def test_an_area_has_a_rule_of_its_own_until_it_ends(scene: Scene, client: Client) -> None:
    saved(client, address("set-area", "fleet"), typed(scene, date(2017, 4, 1)))
    work_out(scene)
    assert shares(2017) == [200_00, 200_00, 200_00]
    by_size = shares(2016)

    end = {
        name: value for name, value in typed(scene, date(2018, 4, 1)).items() if name != "method"
    }
    change = saved(client, address("end", "fleet"), end)
    work_out(scene)
    assert (shares(2017), shares(2018)) == ([200_00, 200_00, 200_00], by_size)
    fields = [field for row in change.said for field in row["fields"]]
    assert ["Method", "nothing", "As the whole alliance"] in fields
    assert client.get(address("end", "no-such-area")).status_code == 404


@pytest.mark.django_db(transaction=True)  # what it said before is told by moments
def test_a_rule_is_corrected_with_its_price_and_put_back(scene: Scene, client: Client) -> None:
    rule = SharingRule.objects.get()
    before = shares(2017)
    place = address("correct", rule.pk)
    seen = {"seen": str(rule.revision)}
    change = saved(client, place, {**typed(scene, date(2015, 4, 1)), **seen})
    assert ["Method", "By size", "Equal shares"] in change.said[0]["fields"]
    work_out(scene)
    assert shares(2017) == [200_00, 200_00, 200_00]

    page: Any = client.get(f"{place}?undo=1")
    initial = page.context["form"].initial
    assert initial["method"] == "SIZE" and initial[f"weight_{scene.officers.pk}"] == "1"
    rule.refresh_from_db()
    back = typed(scene, date(2015, 4, 1), method="SIZE", seen=str(rule.revision))
    saved(client, place, {**back, f"weight_{scene.officers.pk}": "1"})
    work_out(scene)
    assert shares(2017) == before


def test_a_rule_that_was_never_corrected_said_nothing_else_before(scene: Scene) -> None:
    assert before_last_change(SharingRule.objects.get()) is None


def test_whoever_was_second_sees_what_it_says_now(scene: Scene, client: Client) -> None:
    rule = SharingRule.objects.get()
    sent = {**typed(scene, date(2015, 4, 1)), "seen": str(rule.revision)}
    SharingRule.objects.update(decimals=2)
    answer = client.post(address("correct", rule.pk), sent)
    assert answer.status_code == 409
    assert "Someone else saved this while you were typing" in text(answer)
    assert f'name="seen" value="{rule.revision + 1}"' in text(answer)


def test_a_rule_in_force_is_neither_taken_away_nor_moved_to_the_future(
    scene: Scene, client: Client
) -> None:
    rule = SharingRule.objects.get()
    page = text(client.post(address("take-away", rule.pk)))
    assert "This rule has been in force since 1 April 2015, so it stays on record" in page
    sent = {**typed(scene, date(2018, 4, 1)), "seen": str(rule.revision)}
    page = text(client.post(address("correct", rule.pk), sent))
    assert "so it must begin on 1 June 2017 or earlier" in page
    with pytest.raises(services.RuleWasInForce):
        services.delete_rule(rule=rule, by=None)
    assert SharingRule.objects.get().effective_on == date(2015, 4, 1)


def test_a_rule_that_never_came_into_force_is_taken_away_with_its_reason(
    scene: Scene, client: Client
) -> None:
    rule = rule_of_2018(scene)
    work_out(scene)
    change = saved(client, address("take-away", rule.pk), {})
    assert change.said[0]["what"] == "taken away" and change.reason == WHY["check-reason"]
    work_out(scene)
    assert shares(2018) == shares(2017)


def test_a_rule_that_a_closed_year_was_shared_by_is_superseded_and_never_corrected(
    scene: Scene, client: Client
) -> None:
    FinancialYear.objects.create(alliance=scene.alliance, year=2016, closed_at=timezone.now())
    rule = SharingRule.objects.get()
    sent = {**typed(scene, date(2015, 4, 1)), "seen": str(rule.revision)}
    page = text(client.post(address("correct", rule.pk), sent))
    assert "2016/17 is closed and was shared by this rule, so it stays as it is" in page

    page = text(client.post(address("set"), typed(scene, date(2016, 4, 1))))
    assert "2016/17 is closed and stays shared by the rule that was in force in it" in page
    assert "Had it been open, £" in page and "would have passed between forces" in page

    saved(client, address("set"), typed(scene, date(2017, 4, 1)))
    with pytest.raises(ValidationError, match="is closed and was shared by this rule"):
        services.delete_rule(rule=rule, by=None, day=date(2014, 1, 1))


def test_whoever_may_not_reads_the_rules_and_changes_none(scene: Scene) -> None:
    rule = rule_of_2018(scene)
    places = [
        address("set"),
        address("set-area", "fleet"),
        address("end", "fleet"),
        address("correct", rule.pk),
        address("take-away", rule.pk),
    ]
    for kind, force in (("PANEL_MEMBER", None), ("FINANCE_OFFICER", scene.south)):
        client = Client()
        client.force_login(factories.role(alliance=scene.alliance, kind=kind, force=force).user)
        page = client.get(reverse("money-rules", args=["hills"]))
        assert page.status_code == 200 and "Correct" not in text(page)
        for place in places:
            assert client.get(place).status_code == 403
            assert client.post(place, {**typed(scene), **WHY}).status_code == 403
    assert SharingRule.objects.count() == 2


def test_the_list_names_forces_in_their_agreed_order_and_what_was_changed(
    scene: Scene, client: Client
) -> None:
    stated = {f"percent_{scene.east.pk}": "20", f"percent_{scene.north.pk}": "50"}
    stated[f"percent_{scene.south.pk}"] = "30"
    saved(client, address("set"), typed(scene, date(2018, 4, 1), method="FIXED", **stated))
    page = text(client.get(reverse("money-rules", args=["hills"])))
    at = [
        page.index(words) for words in ("North Police 50%", "South Police 30%", "East Police 20%")
    ]
    assert at == sorted(at)
    assert "Not yet in force" in page and "until 1 April 2018" in page
    assert WHY["check-reason"] in page


def test_its_price_says_how_many_areas_it_covers(scene: Scene, client: Client) -> None:
    assert "On its first day it covers 1 area." in text(
        checked(client, address("set"), typed(scene, date(2018, 4, 1)))
    )
    other = factories.area(alliance=scene.alliance, code="other", name="Other")
    factories.area(alliance=scene.alliance, code="gone", name="Gone", stage="WITHDRAWN")
    scene.rule(date(2017, 4, 1), area=other)
    for day, said in (
        (date(2016, 4, 1), "On its first day it covers 2 areas."),
        (date(2018, 4, 1), "it covers 1 area; 1 area has a rule of its own."),
    ):
        assert said in text(checked(client, address("set"), typed(scene, day)))
    place = address("set-area", "other")
    said = text(checked(client, place, typed(scene, date(2018, 4, 1))))
    assert "It covers one area, Other." in said
