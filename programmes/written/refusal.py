"""Why something written is not taken."""


class Unreadable(Exception):
    """What cannot be read as what it should be; `what` is wrong and the `mend`, a sentence each."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what} {mend}")
        self.what = what
        self.mend = mend


def quoted(text: str) -> str:
    """The text in quotation marks, shortened."""
    short = text if len(text) <= 40 else f"{text[:39]}\u2026"
    return f"\u201c{short}\u201d"
