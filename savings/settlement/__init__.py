"""Who owes whom for a year, and what clears it. Plain Python: no database, no clock, whole pence."""

from savings.settlement.account import NOBODY, Account, Figures, Line
from savings.settlement.payments import MOST_EXACT, Payment, directly, through

__all__ = [
    "MOST_EXACT",
    "NOBODY",
    "Account",
    "Figures",
    "Line",
    "Payment",
    "directly",
    "through",
]
