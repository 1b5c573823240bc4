"""How wide words are in Arial, near enough to cut or break them where nothing can measure them.

Plain Python.
"""

# Widths in thousandths of the type's size, by groups of characters.
_WIDTHS = (
    ("ijl'|", 222),
    (" .,:;/\\![]()fIt-", 290),
    ('rc«»"*', 370),
    ("skvxyzJ", 500),
    ("FTZLbdghnopqueaE0123456789", 580),
    ("ABKPSVXYCDHNRU&", 700),
    ("wGOQmM%W@", 880),
)
_OTHERS, _WIDE_OTHERS, _FIRST_WIDE = 600, 1000, 0x1100
_OF = {character: width for characters, width in _WIDTHS for character in characters}


def width_of(text: str, size: float) -> float:
    """The pixels that a line takes at a type size of `size` pixels."""
    return sum(_of(character) for character in text) * size / 1000


def fitted(text: str, room: float, size: float) -> str:
    """The text, cut with “…” if it takes more than `room` pixels."""
    if width_of(text, size) <= room:
        return text
    kept = text
    while kept and width_of(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def broken(text: str, room: float, size: float) -> list[str]:
    """The text in lines of at most `room` pixels; a word that is longer is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return [fitted(line, room, size) for line in lines if line]


def _of(character: str) -> int:
    return _OF.get(character, _WIDE_OTHERS if ord(character) >= _FIRST_WIDE else _OTHERS)
