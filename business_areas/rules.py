"""What the state of an area refuses, one sentence each; plain Python, asked by page and workbook."""

GONE_LIVE = frozenset({"LIVE", "CLOSED"})


def withdrawal_refusal(name: str, stage: str) -> str:
    """Why an area in this stage is not withdrawn; empty if it can be."""
    if stage in GONE_LIVE:
        return f"{name} has gone live; it can be closed, but no longer withdrawn."
    return ""
