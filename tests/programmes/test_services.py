"""Sizes, memberships, forces: what is put on record, and what is refused."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from programmes import services
from programmes.models import Force, ForceSize, Membership, User
from savings.models import RecomputeRequest
from tests import factories
from tests.scenes import Scene, a_scene

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

Record = Callable[..., ForceSize]


@pytest.fixture
def alice() -> User:
    return factories.user(name="Alice")


@pytest.fixture
def scene() -> Scene:
    """Amounts in three years."""
    scene = a_scene()
    item = scene.item("parts", "SAVING")
    for year in (2015, 2016, 2017):
        scene.amount(item, 10_001, year)
    return scene


@pytest.fixture
def record(scene: Scene, alice: User) -> Record:
    def recorded(**given: Any) -> ForceSize:
        usual = {"force": scene.north, "measure": scene.officers, "by": alice}
        usual |= {"effective_on": date(2017, 4, 1), "value": Decimal(3000), "source": "Office"}
        return services.record_size(**{**usual, **given})

    return recorded


def years_asked() -> set[int]:
    return set(RecomputeRequest.objects.values_list("year", flat=True))


def test_a_second_figure_for_a_date_restates_the_first_and_both_are_kept(
    record: Record, alice: User
) -> None:
    first, second = record(), record(value=Decimal(3001), source=" Office, revised ")
    assert (first.release, second.release) == (1, 2)
    assert (second.source, second.recorded_by) == ("Office, revised", alice)
    first.refresh_from_db()
    assert first.value == 3000


def test_the_same_figure_from_the_same_source_is_refused(record: Record) -> None:
    record()
    with pytest.raises(services.SameSize):
        record()
    assert record(source="Another publication").release == 2


def test_a_figure_that_someone_restated_meanwhile_is_refused_with_theirs(
    record: Record, alice: User
) -> None:
    theirs = record(value=Decimal("3010.5"))
    mine = {"measure": theirs.measure, "effective_on": theirs.effective_on, "source": "Office"}
    mine |= {"values": {theirs.force: Decimal(2990)}, "by": alice}
    with pytest.raises(services.RestatedMeanwhile, match=r"3,010\.5 was recorded by Alice") as no:
        services.record_release(**mine, seen={theirs.force_id: 0})
    assert no.value.theirs == theirs
    (size,) = services.record_release(**mine, seen={theirs.force_id: 1})
    assert size.release == 2


def test_a_size_of_zero_for_all_is_refused_but_for_one_it_is_not(
    scene: Scene, record: Record
) -> None:
    day = date(2018, 4, 1)
    for force in (scene.north, scene.south):
        record(force=force, value=Decimal(0), effective_on=day)
    with pytest.raises(services.NothingToShareBy, match="Police officers"):
        record(force=scene.east, value=Decimal(0), effective_on=day)


@pytest.mark.parametrize(
    "wrong", [{"value": Decimal(-1)}, {"value": Decimal("1.00001")}, {"source": " "}]
)
def test_a_figure_that_cannot_be_is_refused_at_its_field(
    record: Record, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as refusal:
        record(**wrong)
    assert set(refusal.value.message_dict) == set(wrong)
    assert not RecomputeRequest.objects.exists()


def test_another_alliances_measure_is_refused(record: Record) -> None:
    with pytest.raises(ValidationError, match="of another alliance"):
        record(measure=factories.measure())


@pytest.mark.parametrize(
    "day, years",
    [
        (date(2016, 3, 1), {2015, 2016, 2017}),
        (date(2016, 3, 2), {2016, 2017}),
        (date(2016, 3, 31), {2016, 2017}),
        (date(2016, 4, 1), {2016, 2017}),
        (date(2017, 4, 1), {2017}),
        (date(2018, 4, 1), set()),
    ],
)
def test_a_size_is_asked_for_from_the_first_period_that_can_read_it(
    record: Record, day: date, years: set[int]
) -> None:
    record(effective_on=day)
    assert years_asked() == years


def test_a_request_says_why_and_who_asked(record: Record, alice: User) -> None:
    record()
    request = RecomputeRequest.objects.get()
    assert request.cause == "Police officers (FTE) of North Police on 1 April 2017 was recorded"
    assert request.asked_by == alice


def test_a_closed_year_is_not_asked_for(scene: Scene, record: Record) -> None:
    closed_at = date(2018, 1, 1).isoformat() + "T00:00Z"
    factories.financial_year(alliance=scene.alliance, year=2017, closed_at=closed_at)
    record(effective_on=date(2016, 4, 1))
    assert years_asked() == {2016}


@pytest.mark.parametrize(
    "code, place, order",
    [
        ("east", 1, ["east", "north", "south"]),
        ("north", 2, ["south", "north", "east"]),
        ("north", 3, ["south", "east", "north"]),
        ("north", 99, ["south", "east", "north"]),
        ("south", 2, ["north", "south", "east"]),
        ("south", 0, ["south", "north", "east"]),
    ],
)
def test_a_force_takes_its_place_and_the_others_move_along(
    scene: Scene, code: str, place: int, order: list[str]
) -> None:
    force = scene.alliance.forces.get(code=code)
    force.position = place
    services.save_force(force=force, by=None)
    places = scene.alliance.forces.order_by("position").values_list("code", "position")
    assert list(places) == list(zip(order, [1, 2, 3], strict=True))


def test_a_new_force_is_put_in_its_place(scene: Scene) -> None:
    force = Force(alliance=scene.alliance, code="west", name="West Police", position=2)
    services.save_force(force=force, by=None)
    codes = scene.alliance.forces.order_by("position").values_list("code", flat=True)
    assert list(codes) == ["north", "west", "south", "east"]


def test_a_force_with_anothers_code_is_refused(scene: Scene) -> None:
    scene.north.code = "south"
    with pytest.raises(ValidationError, match="already has a force with this code"):
        services.save_force(force=scene.north, by=None)


def test_a_membership_that_is_saved_or_taken_away_affects_all_years(scene: Scene) -> None:
    stay = Membership.objects.get(force=scene.east)
    stay.left_on = date(2017, 1, 1)
    services.save_membership(membership=stay, by=None)
    assert years_asked() == {2015, 2016, 2017}
    RecomputeRequest.objects.all().delete()
    services.delete_membership(membership=stay, by=None)
    assert years_asked() == {2015, 2016, 2017}


def test_a_membership_that_ends_before_it_begins_is_refused(scene: Scene) -> None:
    stay = Membership.objects.get(force=scene.east)
    stay.joined_on, stay.left_on = date(2017, 1, 1), date(2016, 1, 1)
    with pytest.raises(ValidationError, match="after the joining date"):
        services.save_membership(membership=stay, by=None)


def test_a_renamed_measure_is_named_anew_in_every_working(scene: Scene) -> None:
    scene.officers.name = "Officers"
    services.save_measure(measure=scene.officers, by=None)
    assert years_asked() == {2015, 2016, 2017}
