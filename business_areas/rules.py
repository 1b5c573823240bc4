"""What areas and their register may be, a sentence each; plain Python, asked by page and workbook."""

# The earlier and the later of two dates of an entry in the register; the same day is in order.
DATES_OF_AN_ENTRY = (("raised_on", "due_on"), ("raised_on", "closed_on"))
GONE_LIVE = frozenset({"LIVE", "CLOSED"})


def owner_refusal(name: str) -> str:
    """Why this person, who may not change areas, does not own one."""
    return (
        f"{name} may not change business areas, so cannot keep one up to date; "
        "choose a programme manager as its owner."
    )


def withdrawal_refusal(name: str, stage: str) -> str:
    """Why an area in this stage is not withdrawn; empty if it can be."""
    if stage in GONE_LIVE:
        return f"{name} has gone live; it can be closed, but no longer withdrawn."
    return ""
