"""What is drawn of an area: on the axis, in order, and nothing over anything else."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.roadmap.axis import WIDTH, Axis, axis_round
from alliance_portal.roadmap.layout import NEAR, Strip, strip
from alliance_portal.roadmap.plan import GoLive, Plan, Step

TODAY = date(2017, 12, 31)
YEARS = Axis(date(2015, 4, 1), date(2020, 4, 1))

days = st.dates(date(1990, 1, 1), date(2099, 12, 31))
soon = st.dates(date(2015, 4, 1), date(2020, 3, 31))


def step(on: date, letter: str = "C", *, is_reached: bool = False) -> Step:
    return Step(on, letter, is_reached, f"{letter} on {on}.", f"/{letter}/")


def go_live(on: date, *, approved: date | None = None, **more: object) -> GoLive:
    given: dict[str, object] = {
        "baseline_on": approved,
        "approved_on": approved,
        "expected_on": on,
        "is_dated": True,
        "is_reached": False,
        "note": "",
        "said": "It goes live.",
        "url": "/live/",
        **more,
    }
    return GoLive(**given)  # type: ignore[arg-type]


@st.composite
def plans(draw: st.DrawFn, on: st.SearchStrategy[date] = days) -> Plan:
    steps = draw(st.lists(st.tuples(on, st.sampled_from("BCDRO"), st.booleans()), max_size=9))
    live = draw(
        st.none()
        | st.builds(
            go_live,
            on,
            approved=st.none() | on,
            baseline_on=st.none() | on,
            is_dated=st.booleans(),
            is_reached=st.booleans(),
            note=st.sampled_from(["", "+91 days", "+1,024 days from baseline, overdue"]),
        )
    )
    return Plan(
        live, tuple(step(day, letter, is_reached=done) for day, letter, done in steps),
        is_live=draw(st.booleans()), is_paused=draw(st.booleans()),
    )  # fmt: skip


def pixels(percent: float) -> float:
    return percent * WIDTH / 100


@given(plans(), days)
def test_everything_lies_within_the_axis(plan: Plan, today: date) -> None:
    axis = axis_round([*plan.days, today])

    drawn = strip(plan, axis, today)

    for bar in drawn.bars:
        assert bar.width > 0
        assert 0 <= bar.x < bar.x + bar.width <= 100
    for mark in drawn.marks:
        assert pixels(mark.x) - mark.width / 2 >= 0
        assert pixels(mark.x) + mark.width / 2 <= WIDTH
    for diamond in drawn.diamonds:
        assert 0 <= diamond.x <= 100
    if drawn.label:
        ends = pixels(drawn.label.x) + drawn.label.dx + len(drawn.label.text) * 6.6
        assert ends <= WIDTH
    assert not drawn.has_earlier
    assert not drawn.has_later


@given(plans(), days)
def test_no_date_is_lost_and_the_order_stays(plan: Plan, today: date) -> None:
    drawn = strip(plan, axis_round([*plan.days, today]), today)

    steps = [each for mark in drawn.marks for each in mark.steps]
    lives = [mark.go_live for mark in drawn.marks if mark.go_live]
    shown = sorted(each.on for each in steps)
    assert shown == sorted(each.on for each in plan.steps)
    assert lives == [live for live in (plan.go_live,) if live]
    groups = [[each.on for each in mark.steps] for mark in drawn.marks if not mark.go_live]
    assert all(max(a) <= min(b) for a, b in pairwise(groups))
    assert all(a.x < b.x for a, b in pairwise(drawn.marks))
    planned = {diamond.on for diamond in drawn.diamonds}
    live = plan.go_live
    assert planned == ({live.baseline_on, live.approved_on} - {None} if live else set())


@given(plans(soon))
def test_marks_never_overlap_and_a_finger_finds_each(plan: Plan) -> None:
    drawn = strip(plan, YEARS, TODAY)

    for left, right in pairwise(drawn.marks):
        apart = pixels(right.x - left.x)
        assert apart >= NEAR
        assert apart >= (left.target + right.target) / 2
    if drawn.label:
        begins = pixels(drawn.label.x) + drawn.label.dx
        ends = begins + len(drawn.label.text) * 6.6
        for mark in drawn.marks:
            left_edge, right_edge = pixels(mark.x) - mark.width / 2, pixels(mark.x) + mark.width / 2
            assert mark.go_live or ends <= left_edge or right_edge <= begins


@given(plans(), st.dates(date(2016, 1, 1), date(2017, 1, 1)))
def test_nothing_outside_the_months_is_drawn(plan: Plan, first: date) -> None:
    axis = Axis(first, first + timedelta(days=365))

    drawn = strip(plan, axis, TODAY)

    assert drawn.has_earlier == any(on < axis.first for on in plan.days)
    assert drawn.has_later == any(on >= axis.end for on in plan.days)
    assert all(axis.holds(each.on) for mark in drawn.marks for each in mark.steps)
    assert all(axis.holds(diamond.on) for diamond in drawn.diamonds)


def bars_of(drawn: Strip) -> list[tuple[str, float, float]]:
    return [(bar.kind, bar.x, round(bar.x + bar.width, 3)) for bar in drawn.bars]


def test_a_live_area_has_its_work_and_the_time_since() -> None:
    live = go_live(date(2017, 4, 1), is_reached=True)
    plan = Plan(live, (step(date(2016, 4, 1)),), is_live=True)

    start, turn, now = (YEARS.at(day) for day in (date(2016, 4, 1), date(2017, 4, 1), TODAY))
    assert bars_of(strip(plan, YEARS, TODAY)) == [("done", start, turn), ("live", turn, now)]


def test_an_area_to_come_has_its_work_until_today_and_from_today() -> None:
    plan = Plan(go_live(date(2018, 4, 1)), (step(date(2017, 4, 1)), step(date(2019, 4, 1))))

    start, now, end = (YEARS.at(day) for day in (date(2017, 4, 1), TODAY, date(2018, 4, 1)))
    assert bars_of(strip(plan, YEARS, TODAY)) == [("done", start, now), ("to-come", now, end)]


def test_a_go_live_alone_has_no_bar_and_a_closed_area_no_time_since() -> None:
    assert bars_of(strip(Plan(go_live(date(2018, 4, 1)), ()), YEARS, TODAY)) == []
    closed = Plan(go_live(date(2017, 4, 1), is_reached=True), ())
    assert bars_of(strip(closed, YEARS, TODAY)) == []


def test_the_slip_joins_the_approved_and_the_expected_day() -> None:
    moved = go_live(date(2018, 7, 1), approved=date(2018, 4, 1), baseline_on=date(2018, 1, 1))

    drawn = strip(Plan(moved, ()), YEARS, TODAY)

    assert drawn.slip == (YEARS.at(date(2018, 4, 1)), YEARS.at(date(2018, 7, 1)))
    assert drawn.drift == (YEARS.at(date(2018, 1, 1)), YEARS.at(date(2018, 7, 1)))
    kept = strip(Plan(go_live(date(2018, 4, 1), approved=date(2018, 4, 1)), ()), YEARS, TODAY)
    assert (kept.slip, kept.drift) == (None, None)


def test_two_milestones_of_one_day_are_one_mark_that_says_both() -> None:
    day = date(2016, 4, 1)

    (mark,) = strip(Plan(None, (step(day, "B"), step(day, "C"))), YEARS, TODAY).marks

    assert (mark.letters, mark.url) == ("BC", "")
    assert mark.said == "B on 2016-04-01. C on 2016-04-01."


def test_many_milestones_of_one_day_are_counted() -> None:
    steps = tuple(step(date(2016, 4, 1), letter) for letter in "BCDRO")

    (mark,) = strip(Plan(None, steps), YEARS, TODAY).marks

    assert mark.letters == "5"


def test_a_milestone_next_to_the_go_live_stands_beside_it_by_its_letter() -> None:
    live = go_live(date(2018, 4, 1), note="+30 days")

    drawn = strip(Plan(live, (step(date(2018, 3, 25), "D"),)), YEARS, TODAY)

    (mark,) = drawn.marks
    assert mark.x == YEARS.at(date(2018, 4, 1))
    assert mark.url == "/live/"
    assert drawn.label is not None
    assert drawn.label.text == "D +30 days"


def test_a_milestone_over_a_planned_go_live_is_raised() -> None:
    plan = Plan(
        go_live(date(2018, 7, 1), approved=date(2018, 1, 1)), (step(date(2018, 1, 1), "D"),)
    )

    first, _ = strip(plan, YEARS, TODAY).marks

    assert first.is_raised
