"""Which force a publication means, by the code of its police force area, else by its name."""

import re
from collections.abc import Iterable

from programmes.models import Force
from programmes.written.texts import tidy_line

# The codes that the Office for National Statistics gives to police force areas, in their order.
_ENGLISH = (
    *("Metropolitan", "Cumbria", "Lancashire", "Merseyside", "Greater Manchester", "Cheshire"),
    *("Northumbria", "Durham", "North Yorkshire", "West Yorkshire", "South Yorkshire"),
    *("Humberside", "Cleveland", "West Midlands", "Staffordshire", "West Mercia", "Warwickshire"),
    *("Derbyshire", "Nottinghamshire", "Lincolnshire", "Leicestershire", "Northamptonshire"),
    *("Cambridgeshire", "Norfolk", "Suffolk", "Bedfordshire", "Hertfordshire", "Essex"),
    *("Thames Valley", "Hampshire", "Surrey", "Kent", "Sussex", "City of London"),
    *("Devon and Cornwall", "Avon and Somerset", "Gloucestershire", "Wiltshire", "Dorset"),
)
_WELSH = ("North Wales", "Gwent", "South Wales", "Dyfed-Powys")
_BY_CODE = {
    **{f"E23{number:06}": name for number, name in enumerate(_ENGLISH, 1)},
    **{f"W15{number:06}": name for number, name in enumerate(_WELSH, 1)},
}
_NAMES = frozenset(_BY_CODE.values())
# “Dorset 3”, “Dorset(2)”, “Dorset [note 4]”: what a publication says of it at its foot.
_FOOTNOTE = re.compile(r"\s*(?:\[[^\]]*\]|\(\d+(?:,\s*\d+)*\)|\d+(?:,\s*\d+)*)\s*$")
_AREA_CODE = re.compile(r"[A-Z]\d{8}")
_NOT_THE_NAME = {"police", "constabulary", "service", "force", "the"}


def plain_name(written: str) -> str:
    """What a force's name is told by: “Devon & Cornwall Police 3” is “devon and cornwall”."""
    text = tidy_line(written)
    while (shorter := _FOOTNOTE.sub("", text)) != text:
        text = shorter
    first, comma, last = text.partition(", ")
    text = f"{last} {first}" if comma else text  # “London, City of”
    parts = re.split(r"[\s-]+", text.replace("&", " and ").casefold())
    return " ".join(part for part in parts if part and part not in _NOT_THE_NAME)


def is_force(code: str, name: str) -> bool:
    """Whether it is one of the 43 territorial forces, by its code, else by its name."""
    return code.strip() in _BY_CODE or (
        not _is_of_no_force(code) and plain_name(name) in {plain_name(each) for each in _NAMES}
    )


def _is_of_no_force(code: str) -> bool:
    """Whether it is the code of a region or a country, whose name may be a force's too."""
    return is_area_code(code) and not code.strip().startswith(("E23", "W15"))


def is_area_code(text: str) -> bool:
    """Whether it is a code of the Office for National Statistics, of whatever area."""
    return bool(_AREA_CODE.fullmatch(text.strip()))


def force_meant(forces: Iterable[Force], *, code: str = "", name: str = "") -> Force | None:
    """The force of that area code; of that name where there is no code that is known. None for another."""
    if _is_of_no_force(code):
        return None
    by_code = _BY_CODE.get(code.strip())
    wanted = plain_name(by_code or name)
    found = [
        force
        for force in forces
        if wanted and wanted in (plain_name(force.name), plain_name(force.code))
    ]
    return found[0] if len(found) == 1 else None
