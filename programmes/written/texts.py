"""Texts, names and codes: no two that look the same, and no letter that nobody can see."""

import re
import unicodedata

from programmes.written.refusal import Unreadable, quoted

LONGEST_NOTE = 10_000
LONGEST_CODE = 60

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# How a spreadsheet file keeps the line ends that Windows text had.
_ESCAPED_END = re.compile(r"_x000D_\r?\n?")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SPACES = re.compile(
    r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800\u3164\u115f\u1160\uffa0]+"
)
# How a spreadsheet shows a code that it took for a date (dec-1), or for a number (2e5).
_AS_DATE = re.compile(
    r"\d{1,2}[-/ ][A-Z][a-z]{2}([-/ ]\d{2,4})?|[A-Z][a-z]{2}[-/ ]\d{2,4}|\d{1,2}/\d{1,2}/\d{2,4}"
)
_ISO_DATE = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_AS_NUMBER = re.compile(r"\d(\.\d+)?E[+-]\d+")


def tidy_text(text: str) -> str:
    """A text of many lines: one kind of line end, no spaces at its ends."""
    return (
        _ESCAPED_END.sub("\n", text)
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .strip(" \t\n\u00a0\u2007\u202f\ufeff")
    )


def tidy_line(text: str) -> str:
    """A name as it is kept: composed letters, nothing invisible, one plain space between words."""
    seen = "".join(letter for letter in text if not is_invisible(letter))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", seen)).strip()


def is_invisible(letter: str) -> bool:
    """Whether nothing is to be seen of it: zero-width spaces, joiners, marks of direction."""
    return (
        unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f" or letter == "\u034f"
    )


def without_invisible(text: str) -> str:
    """The text as it is seen, for what is read as a number, a date or one of a few words."""
    return "".join(letter for letter in text if not is_invisible(letter))


def check_text(text: str, longest: int) -> None:
    """Raise Unreadable for a control character, a spreadsheet's line end, or too many characters."""
    if _CONTROL.search(text):
        raise Unreadable("The text has a control character in it.", "Type the text again.")
    if _ESCAPED_END.search(text):
        what = "The text has _x000D_ in it, which is how a spreadsheet keeps the end of a line."
        raise Unreadable(what, "Take it out.")
    if len(text) > longest:
        what = f"The text has {len(text):,} characters."
        raise Unreadable(what, f"Shorten it to at most {longest:,}.")


def check_code(text: str, longest: int = LONGEST_CODE) -> None:
    """Raise Unreadable unless the text is a lower-case slug that no spreadsheet made of another."""
    if _AS_DATE.fullmatch(text) or _ISO_DATE.fullmatch(text):
        raise made_a_date(text)
    if _AS_NUMBER.fullmatch(text):
        raise Unreadable(
            f"A spreadsheet has turned this code into a number, {text}.",
            "Format the column as text and type the code again.",
        )
    if _SLUG.fullmatch(text) and len(text) <= longest:
        return
    for at, letter in enumerate(text):
        if is_invisible(letter):
            name = unicodedata.name(letter, f"U+{ord(letter):04X}").lower()
            after = f" after {quoted(text[:at])}" if at else ""
            what = f"The code has a character that nobody can see{after}: {name}."
            raise Unreadable(what, "Type the code again.")
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower().replace("&", "and")).strip("-")
    advice = f", for example {slug[:longest].strip('-')}" if slug else ""
    raise Unreadable(
        f"{quoted(text)} is not a code.",
        f"Use at most {longest} lower-case letters, digits and single hyphens{advice}.",
    )


def made_a_date(shown: str) -> Unreadable:
    """What to say of a text or code of which a spreadsheet has made a date."""
    return Unreadable(
        f"A spreadsheet has turned this into a date, {shown}.",
        "Format the column as text and type again what it was.",
    )


def check_web_address(text: str) -> None:
    """Raise Unreadable unless it is an http address with a dot in it."""
    if len(text) > 500 or not re.fullmatch(r"https?://[^\s<>\"']+\.[^\s<>\"']+", text):
        mend = "Write it with https:// at its start."
        raise Unreadable(f"{quoted(text)} is not a web address.", mend)
