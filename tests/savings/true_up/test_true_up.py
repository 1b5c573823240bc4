"""Later evidence beside a closed year: to the penny by force and cause; posted once, and undone."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from programmes.changes import PriceMoved
from programmes.models import Alliance, Force, User
from programmes.services import record_release, record_size, withdraw_sizes
from savings import recompute
from savings.engine.periods import year_label
from savings.models import FinancialYear, PoolShare, TrueUp, TrueUpLine
from savings.selectors.settlement import year_settlement
from savings.settling.document import account_in, digest_of, document_of, figures_of
from savings.settling.services import OnRecordAlready
from savings.settling.versions import moved_lines
from savings.true_up import services
from savings.true_up.later import Later, later, nets
from tests import factories
from tests.savings.pages.test_closing import do, officer, words
from tests.savings.settling.test_at_once import PEOPLE, at_once
from tests.scenes import APRIL_2015, Scene, a_scene

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2018, 3, 31)


@pytest.fixture
def scene() -> Scene:
    """Two areas' costs and savings of 2016/17, shared by the officers of April 2015, and the year closed."""
    scene = a_scene()
    dogs = scene.area("dogs")
    for place, (kind, area) in enumerate(
        [("COST", scene.fleet), ("COST", dogs), ("SAVING", dogs), ("COST", dogs)], start=1
    ):
        item = scene.item(f"item-{place}", kind, area)
        for month in (4, 9):
            force = scene.forces[place % 3]
            starts_on = date(2016, month, 1)
            scene.amount(item, place * 100_003, starts_on, "ACTUAL", borne_by=force)
    scene.alliance.held_on = DAY
    scene.alliance.save()
    work_out(scene.alliance)
    FinancialYear.objects.create(alliance=scene.alliance, year=2016, closed_at=timezone.now())
    return scene


def work_out(alliance: Alliance) -> None:
    recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test", everything=True)


def restate(scene: Scene, force: Force, value: int, on: date = APRIL_2015) -> Any:
    return record_size(
        force=force,
        measure=scene.officers,
        effective_on=on,
        value=Decimal(value),
        source=f"Release of {value}",
        by=None,
    )


def found(scene: Scene, tolerance: int = 0) -> Later:
    closed = FinancialYear.objects.get(alliance=scene.alliance, year=2016)
    assert closed.closed_at
    return later(scene.alliance, 2016, closed.closed_at, tolerance)


def post(scene: Scene, by: User | None = None, **more: Any) -> TrueUp:
    given = {"year": 2016, "into": 2017, "reason": "The board agreed", "day": DAY, **more}
    seen = found(scene).digest
    return services.post(alliance=scene.alliance, by=by, **{"seen": seen, **given})


def test_what_came_to_light_stands_beside_what_was_frozen_and_its_causes_add_up(
    scene: Scene,
) -> None:
    assert not found(scene).moved and not found(scene).causes
    shares = set(PoolShare.objects.values_list("pool", "force", "pence"))

    first = restate(scene, scene.south, 1600)
    values = {scene.north: Decimal(2900), scene.east: Decimal(800)}
    record_release(
        measure=scene.officers, effective_on=APRIL_2015, source="A release", values=values, by=None
    )
    withdraw_sizes(measure=scene.officers, sizes=[first], reason="A digit too many", by=None)
    restate(scene, scene.north, 1, on=date(2017, 4, 1))  # of a later year
    work_out(scene.alliance)

    got = found(scene)
    assert [cause.said for cause in got.causes] == [
        "South’s Police officers (FTE) of 1 April 2015 restated from 1,503 to 1,600, on 31 March 2018",
        (
            "East’s Police officers (FTE) of 1 April 2015 restated from 777 to 800; North’s Police "
            "officers (FTE) of 1 April 2015 restated from 3,001 to 2,900, on 31 March 2018"
        ),
        "South’s Police officers (FTE) of 1 April 2015 restated from 1,600 to 1,503, on 31 March 2018",
    ]
    assert all(cause.change for cause in got.causes)
    assert got.moved and got.nets_to_nought
    for at, line in enumerate(got.lines):
        assert sum(pence[at] for _, pence in got.by_cause) == line.moved == line.left
        assert (
            sum(pence[at] if kind == "savings" else -pence[at] for _, kind, pence in got.by_area)
            == line.moved
        )
    assert sum(line.moved for line in got.lines) == 0
    # Worked out in memory: what is stored of the closed year is as it was.
    assert shares <= set(PoolShare.objects.values_list("pool", "force", "pence"))


def test_the_evidence_is_what_an_open_year_would_have_been_shared_by(scene: Scene) -> None:
    twin = a_scene("twin")
    dogs = twin.area("dogs")
    for item in scene.alliance.areas.get(code="fleet").items.all():
        own = twin.item(item.code, item.kind, twin.fleet)
        for amount in item.amounts.all():
            twin.amount(own, amount.pence, amount.starts_on, "ACTUAL")
    for item in scene.alliance.areas.get(code="dogs").items.all():
        own = twin.item(item.code, item.kind, dogs)
        for amount in item.amounts.all():
            twin.amount(own, amount.pence, amount.starts_on, "ACTUAL")
    for each in (scene, twin):
        restate(each, each.south, 1777)
    work_out(twin.alliance)
    stored: dict[tuple[str, str], int] = {}
    for share in PoolShare.objects.filter(pool__alliance=twin.alliance):
        key = share.force.code, share.pool.kind
        stored[key] = stored.get(key, 0) + share.pence
    assert {
        key: pence
        for line in found(scene).lines
        for key, pence in (
            ((line.force.code, "COST"), line.cost_now),
            ((line.force.code, "SAVING"), line.saving_now),
        )
    } == stored


def test_it_is_posted_once_in_an_open_year_and_its_settlement_has_it(scene: Scene) -> None:
    alice = factories.user(name="Alice")
    restate(scene, scene.south, 1600)
    before = year_settlement(scene.alliance, 2017)
    moved = nets(found(scene).left)
    made = post(scene, alice)

    assert (made.posted_in_year, made.posted_on) == (2017, DAY)
    assert made.causes == [found(scene).causes[0].said]
    got = found(scene)
    assert not got.left and nets(got.posted) == moved
    after = year_settlement(scene.alliance, 2017)
    codes = {force.pk: force.code for force in scene.forces}
    brought = {codes[pk]: pence for pk, pence in after.of.account.adjustments.items()}
    assert brought == {code: pence for code, pence in moved.items() if pence}
    assert after.of.account.is_whole and sum(after.of.account.nets().values()) == 0
    changed = moved_lines(before, after)
    assert {line.what for line in changed} == {
        "adjustment of 2016/17 costs",
        "adjustment of 2016/17 savings",
    }
    kept = document_of(scene.alliance, after, DAY)
    assert account_in(kept).adjusted == after.of.adjusted
    assert figures_of(kept) != figures_of(document_of(scene.alliance, before, DAY))
    assert len(digest_of(kept)) == 64
    sentence = (
        "Alice posted all of it in 2017/18 on 31 March 2018 already, so nothing more is posted"
    )
    with pytest.raises(OnRecordAlready, match=sentence):
        post(scene)
    assert not year_settlement(scene.alliance, 2017, until=date(2018, 2, 28)).adjusted


def test_posted_by_several_at_once_it_is_posted_once(scene: Scene) -> None:
    restate(scene, scene.south, 1600)
    seen = found(scene).digest

    told = at_once(lambda: post(scene, seen=seen))

    assert told[0] == "" and all("posted all of it in 2017/18" in each for each in told[1:])
    assert len(told) == PEOPLE and TrueUp.objects.count() == 1


def test_a_second_restatement_leaves_only_its_own_part_to_post(scene: Scene) -> None:
    restate(scene, scene.south, 1600)
    post(scene)
    restate(scene, scene.south, 1700)
    got = found(scene)
    assert got.left and got.left != got.moved
    post(scene)
    assert not found(scene).left and nets(found(scene).posted) == nets(found(scene).moved)


def test_it_is_undone_by_the_opposite_and_can_be_posted_again(scene: Scene) -> None:
    restate(scene, scene.south, 1600)
    made = post(scene)
    undo = {"into": 2017, "reason": "Posted too early", "by": None, "day": DAY}
    opposite = services.undo(true_up=made, **undo)  # type: ignore[arg-type]
    assert found(scene).left == found(scene).moved
    assert not year_settlement(scene.alliance, 2017).adjusted
    assert TrueUpLine.objects.count() == 2 * made.lines.count()
    with pytest.raises(OnRecordAlready, match="posted the opposite on 31 March 2018 already"):
        services.undo(true_up=made, **undo)  # type: ignore[arg-type]
    with pytest.raises(services.CannotBePosted, match="is not undone: post the adjustment again"):
        services.undo(true_up=opposite, **undo)  # type: ignore[arg-type]
    post(scene)
    assert not found(scene).left


def test_what_cannot_be_posted_says_why(scene: Scene) -> None:
    with pytest.raises(OnRecordAlready, match="Today’s evidence makes nothing else of 2016/17"):
        post(scene)
    restate(scene, scene.south, 1600)
    for year in (2016, 2019):
        sentence = f"{year_label(year)} is no open year after 2016/17: choose 2017/18"
        with pytest.raises(services.CannotBePosted, match=sentence):
            post(scene, into=year)
    with pytest.raises(services.CannotBePosted, match="2017/18 is open, so it is corrected itself"):
        post(scene, year=2017, into=2018)
    with pytest.raises(PriceMoved):
        post(scene, seen="something else")
    FinancialYear.objects.create(alliance=scene.alliance, year=2017, closed_at=timezone.now())
    with pytest.raises(services.CannotBePosted, match="no later year is open"):
        post(scene)
    assert not TrueUp.objects.exists()


YEAR = "/alliances/hills/money/years/2016-17/"


def test_its_pages_show_post_and_undo_it(scene: Scene) -> None:
    restate(scene, scene.south, 1600)
    client = officer(scene.alliance, "south")
    shown = words(client.get(YEAR))
    line = next(line for line in found(scene).lines if line.force == scene.south)
    assert "South , costs due: frozen £" in shown and "On today’s evidence £" in shown
    assert "restated from 1,503 to 1,600" in shown and line.moved < 0
    assert "Say why it is posted" in words(do(client, "post", into="2017"))
    shown = words(do(client, "post", into="2017", reason="The board agreed"))
    assert "The adjustment is posted in 2017/18." in shown and "All of it is posted." in shown
    again = words(do(client, "post", into="2017", reason="Twice"))
    assert "so nothing more is posted." in again and TrueUp.objects.count() == 1
    settlement = "/alliances/hills/money/settlement/2017-18/"
    shown = words(client.get(settlement))
    assert "adjustment of 2016/17 costs" in shown and "Adjustments" in shown
    files = client.get(f"{settlement}by-area.csv").content.decode()
    assert '"Fleet, adjustment of 2016/17 costs",South Police' in files
    journal = client.get(f"{settlement}journal.csv").content.decode()
    assert "Fleet,Adjustment of 2016/17 costs" in journal
    for place in ("areas/fleet/2016-17/", "areas/fleet/2017-18/"):
        shown = words(client.get(f"/alliances/hills/money/{place}?version=actual&kind=cost"))
        assert "Adjustment of 2016/17, posted in 2017/18" in shown
    made = TrueUp.objects.get()
    step = f"posted/{made.pk}/undo"
    shown = words(do(client, step, into="2017", reason="Too early"))
    assert "The opposite is posted in 2017/18." in shown and "Its opposite is posted too" in shown
    reader = officer(scene.alliance, kind="PANEL_MEMBER")
    assert reader.get(f"{YEAR}post/").status_code == 403
    assert reader.get(YEAR).status_code == 200


def test_a_difference_that_the_alliance_leaves_alone_says_so(scene: Scene, client: Client) -> None:
    restate(scene, scene.south, 1504)
    most = found(scene).most_left
    client = officer(scene.alliance)
    way = "/alliances/hills/money/settlement/how/"
    client.post(way, {"through": "(directly)", "tolerance": str(Decimal(most) / 100)})
    assert "which the alliance leaves alone: it need not be posted." in words(client.get(YEAR))
    client.post(way, {"through": "(directly)", "tolerance": str(Decimal(most - 1) / 100)})
    assert "leaves alone" not in words(client.get(YEAR))
    shown = words(client.post(way, {"through": "(directly)", "tolerance": "-1"}))
    assert "What is left alone must be £0 or more" in shown
