"""The sentences of a methodology statement that are the same for every alliance."""

from collections.abc import Sequence

from savings.papers.statements.parts import Block, Heading, Paragraph, Points

LEAD = (
    "This statement says how costs and savings are shared between the forces, so that anybody "
    "can check a figure, or work it out again. Forces always stand in the order that they have "
    "agreed."
)

RATIO: Sequence[str] = (
    (
        "The rule in force on the first day of an amount’s month or year shares it: the "
        "business area’s own if one has started and not ended, else the alliance’s."
    ),
    (
        "Shared are those forces that are members of the alliance on that day, and of the "
        "business area if it keeps a list of its own."
    ),
    (
        "By size, a force’s part is its size as a part of all members’ sizes. Of several "
        "measures each counts with its weight. Sizes are the latest on or before 1 April of "
        "the financial year (or the first day of the amount’s period, where the rule says so), "
        "in their latest release."
    ),
    (
        "The parts become percentages at the rule’s decimal places that add up to exactly 100, "
        "by largest remainder: every part is rounded down; the units still missing go one each "
        "to the parts that lost most by it; of two that lost the same, the force earlier in "
        "the agreed order comes first."
    ),
    (
        "Under a rule that shares exactly, the sizes themselves divide the amount, and the "
        "percentages are only a picture of them."
    ),
)

AMOUNT: Sequence[str] = (
    (
        "An amount is divided in pence by the same largest remainder. A negative amount is "
        "divided as if it were positive and the sign is put back, so a correction undoes "
        "exactly what it corrects."
    ),
    (
        "What one ratio divides in a business area and a financial year (its costs less "
        "grants, or its savings, of the plan, the forecast or the actuals) is a pool. The "
        "pool’s total is divided first, and is what is settled."
    ),
    (
        "The amounts of the pool are then made to agree with it. Where a force’s amounts "
        "together hold a penny more than its share of the total and another’s a penny less, "
        "one penny moves within an amount, where that costs least. Every amount still adds up."
    ),
    (
        "Figures for an area, a year or the alliance are plain sums of pools. A change in one "
        "area never moves a penny in another."
    ),
    (
        "A grant comes off its area’s costs before they are shared, and is not itself shared "
        "as a cost."
    ),
)

LAWS: Sequence[str] = (
    (
        "The forces’ shares of an amount add up to it, and a force’s shares of a pool add up "
        "to its share of the pool’s total, to the penny."
    ),
    (
        "Every share, and every force’s total of a pool, is less than one penny from its exact "
        "value."
    ),
    (
        "The same figures give the same shares, on any machine and in whatever order they were "
        "entered."
    ),
    "Turning every sign round turns every share round and changes nothing else.",
    (
        "A force that was not a member on the day has no share; nobody gets a share of the "
        "wrong sign."
    ),
    (
        "What cannot be shared, for want of a rule or a size, is shown as not yet shared with "
        "the reason, and never as nought."
    ),
    "The shares of a closed year never change.",
)

NOT_PROMISED = (
    "What is not promised: that no other table of whole pence lies nearer to the exact values "
    "overall, or that a larger total never lowers anybody’s part by a penny. No method in whole "
    "pence can promise the latter."
)

SETTLED = (
    "A year is settled on actual amounts. A force’s net is the costs that it bore less those "
    "due from it, plus the savings due to it less those that it banked; above nothing it "
    "receives, below it pays. Over all forces the nets come to nothing."
)

OUTSIDE = (
    "Every figure can be checked without the portal. A year’s proof file holds all that its "
    "shares come from, and one file of plain Python derives them again; the working workbook "
    "has each step as a live formula."
)


def how(text: str, points: Sequence[str]) -> tuple[Block, Block]:
    """A section that is a list."""
    return Heading(text), Points(points)


def promised() -> tuple[Block, ...]:
    """What holds for every share."""
    return *how("What holds for every share", LAWS), Paragraph(NOT_PROMISED)
