"""What a workbook would change, without a database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from alliance_portal.workbook.comparing import compare, in_agreed_order
from alliance_portal.workbook.sheets import ForceRow, ForceSizeRow, MemberRow, Workbook


def sizes(values: list[int]) -> tuple[ForceSizeRow, ...]:
    return tuple(
        ForceSizeRow(
            force="north",
            measure="Officers",
            effective_on=date(2016, 3, 31),
            value=Decimal(value),
            source="",
        )
        for value in values
    )


def releases(stored: list[int], given: list[int]) -> list[int]:
    """The values on record after a load."""
    on_record = Workbook(force_sizes=sizes(stored))
    created = compare(on_record, Workbook(force_sizes=sizes(given)), "force_sizes").created
    return stored + [int(row.value) for row in created]


def test_a_restated_size_is_added_and_nothing_is_overwritten() -> None:
    assert releases([1], [2]) == [1, 2]
    assert releases([1], [1, 2]) == [1, 2]
    assert releases([1, 2], [1, 2]) == [1, 2]
    assert releases([1, 2], [2]) == [1, 2]
    assert releases([1, 2], [1]) == [1, 2, 1]


values = st.lists(st.integers(0, 2), max_size=5)


@given(values, values)
def test_loading_sizes_twice_is_loading_them_once(stored: list[int], given: list[int]) -> None:
    once = releases(stored, given)
    assert releases(once, given) == once
    assert once[: len(stored)] == stored
    assert not given or once[-1] == given[-1]


@given(values, values)
def test_what_the_sheet_repeats_of_the_record_is_not_recorded_again(
    stored: list[int], given: list[int]
) -> None:
    known = next(
        length
        for length in range(min(len(stored), len(given)), -1, -1)
        if stored[len(stored) - length :] == given[:length]
    )
    assert releases(stored, given) == stored + given[known:]


def test_very_many_releases_alike_take_no_longer_than_they_are() -> None:
    assert releases([1] * 50_000, [1] * 49_999 + [2, 1]) == [1] * 50_000 + [2, 1]


def test_a_corrected_joining_date_changes_a_stay() -> None:
    stored = Workbook(members=(MemberRow(force="north", pk=1),))
    given = Workbook(members=(MemberRow(force="north", joined_on=date(2016, 4, 1)),))
    changes = compare(stored, given, "members")
    assert (len(changes.created), len(changes.changed)) == (0, 1)


def test_a_second_stay_is_added_beside_the_first() -> None:
    first = MemberRow(force="north", pk=1)
    ended = replace(first, pk=None, left_on=date(2017, 1, 1))
    second = MemberRow(force="north", joined_on=date(2018, 1, 1))
    changes = compare(Workbook(members=(first,)), Workbook(members=(ended, second)), "members")
    assert changes.changed == ((first, ended),)
    assert changes.created == (second,)


def positions(stored: str, given: str) -> dict[str, int | None]:
    on_record = tuple(ForceRow(code=code, position=at) for at, code in enumerate(stored, 1))
    in_sheet = tuple(ForceRow(code=code) for code in given)
    book = in_agreed_order(Workbook(forces=on_record), Workbook(forces=in_sheet))
    return {force.code: force.position for force in book.forces}


def test_forces_stand_in_the_order_of_the_sheet() -> None:
    assert positions("", "ba") == {"b": 1, "a": 2}
    assert positions("ab", "ba") == {"b": 1, "a": 2}
    assert positions("ab", "abc") == {"a": 1, "b": 2, "c": 3}


def test_a_sheet_that_leaves_a_force_out_does_not_move_the_others() -> None:
    assert positions("abc", "cb") == {"c": 3, "b": 2}
    assert positions("ab", "bc") == {"b": 2, "c": 3}
