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


def approval_refusal(approved: str) -> str:
    """Why an approved date, as it is written, is not simply overwritten."""
    return (
        f"The approved date is {approved} and changes only when a second person agrees: "
        "ask for the new date on the milestone’s page."
    )


def approval_of_reached_refusal(name: str, reached: str) -> str:
    """Why a milestone that was reached, on the day as it is written, gets no new approved date."""
    return f"{name} was reached on {reached}, so it gets no new approved date."
