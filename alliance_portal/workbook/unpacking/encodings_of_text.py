"""In which encoding a text file was saved: never a guess that could garble a name."""

import re

from .answering import Answer
from .limits import Refused

# What Windows text has in English files beside ASCII: signs that people type, and letters.
_SIGNS = "£€‘’“”–—…•·°½¼¾²³×÷§©®™«»¡¿\u00a0\u00ad"
_MARKS_OF_16_BITS = (b"\xff\xfe", b"\xfe\xff")


def encoding_of(name: str, content: bytes, answer: Answer) -> str:
    """UTF-8 or UTF-16 by its mark, UTF-8, or Windows text if the whole file is plausible as that.

    The last is told of, so that someone may look at its names. Raises Refused with the line of the
    first byte that fits nothing.
    """
    if content.startswith(_MARKS_OF_16_BITS):
        return _checked(name, content, "utf-16")
    if b"\x00" in content:
        raise Refused("not_utf_8", file=name)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not _is_windows_text(content):
            line = content.count(b"\n", 0, error.start) + 1
            byte = f"{content[error.start]:02X}"
            raise Refused("stray_byte", line=line, byte=byte, file=name) from None
        answer.say(note="windows_text", file=name)
        return "cp1252"
    return "utf-8-sig"


def _checked(name: str, content: bytes, encoding: str) -> str:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("not_utf_8", file=name) from None
    return encoding


def _is_windows_text(content: bytes) -> bool:
    """Whether nothing in it is UTF-8, and everything makes sense as Windows text."""
    as_utf_8 = content.decode("utf-8", "surrogateescape")
    if re.search("[\u0080-\ud7ff\ue000-\U0010ffff]", as_utf_8):
        return False
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return False
    others = {letter for letter in text if not letter.isascii() and not letter.isalpha()}
    # A capital inside a word is how the letters of another encoding (Mac, DOS) come out.
    return others <= set(_SIGNS) and not re.search("[a-z][À-ÖØ-ÞŠŽŒŸ]", text)
