"""Costs, savings and grants; the rules that share them; and the shares themselves."""

from savings.models.closed_triggers import (
    AreaStayInClosedYears,
    SizeInClosedYears,
    StayInClosedYears,
)
from savings.models.closing import ClosingRequest, FinancialYear
from savings.models.items import Amount, Item
from savings.models.month_end import MonthLock
from savings.models.pools import AmountShares, Pool, PoolShare, RatioPart, Share, SharingRatio
from savings.models.rules import SharingRule, SharingTerm
from savings.models.runs import Heartbeat, RecomputeRequest, Run, RunCount
from savings.models.settlements import (
    Scenario,
    Settlement,
    SettlementAnswer,
    SettlementPayment,
    SettlementWay,
)
from savings.models.true_ups import TrueUp, TrueUpLine
from savings.models.variances import Narrative

__all__ = [
    "Amount",
    "AmountShares",
    "AreaStayInClosedYears",
    "ClosingRequest",
    "FinancialYear",
    "Heartbeat",
    "Item",
    "MonthLock",
    "Narrative",
    "Pool",
    "PoolShare",
    "RatioPart",
    "RecomputeRequest",
    "Run",
    "RunCount",
    "Scenario",
    "Settlement",
    "SettlementAnswer",
    "SettlementPayment",
    "SettlementWay",
    "Share",
    "SharingRatio",
    "SharingRule",
    "SharingTerm",
    "SizeInClosedYears",
    "StayInClosedYears",
    "TrueUp",
    "TrueUpLine",
]
