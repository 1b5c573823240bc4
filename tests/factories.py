"""One minimal row of each model, written straight into the tables; any field may be given instead.

What a row belongs to is made with it unless given: `force(alliance=mine)`, `amount(item=parts)`.
A row that belongs to another takes its alliance from it. `tests/scenes.py` has a whole alliance.
"""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from business_areas.models import (
    ApprovalRequest,
    AreaMembership,
    BusinessArea,
    DesignStrand,
    Milestone,
    MovedDate,
    RaidItem,
    Staffing,
)
from programmes.models import (
    Alliance,
    Benefit,
    BoardReport,
    Change,
    Force,
    ForceSize,
    Gate,
    Membership,
    Role,
    SignOff,
    SizeMeasure,
    User,
)
from savings.engine.periods import financial_year_of
from savings.models import (
    Amount,
    FinancialYear,
    Item,
    RecomputeRequest,
    Run,
    Scenario,
    SharingRule,
    SharingTerm,
)
from savings.what_if.keeping import suppose
from savings.what_if.supposed import MoneyMoves, RuleHolds

APRIL_2016 = date(2016, 4, 1)
_numbers = count(1)


def user(**fields: Any) -> User:
    """A person without a password or a role."""
    n = next(_numbers)
    return User.objects.create_user(
        **{"email": f"person-{n}@example.org", "name": f"Person {n}", **fields}
    )


def administrator(**fields: Any) -> User:
    """A person who may do everything, in the administration site too."""
    return user(is_staff=True, is_superuser=True, **fields)


def alliance(**fields: Any) -> Alliance:
    n = next(_numbers)
    return Alliance.objects.create(**{"code": f"alliance-{n}", "name": f"Alliance {n}", **fields})


def role(**fields: Any) -> Role:
    """A panel member, who looks and does no more."""
    fields["alliance"] = fields.get("alliance") or alliance()
    fields["user"] = fields.get("user") or user()
    return Role.objects.create(**{"kind": Role.Kind.PANEL_MEMBER, **fields})


def force(**fields: Any) -> Force:
    """A force at the end of its alliance's order."""
    n = next(_numbers)
    fields["alliance"] = fields.get("alliance") or alliance()
    last = fields["alliance"].forces.order_by("-position").first()
    given = {"code": f"force-{n}", "name": f"Force {n}", **fields}
    return Force.objects.create(**{"position": last.position + 1 if last else 1, **given})


def membership(**fields: Any) -> Membership:
    """A stay without beginning or end."""
    return Membership.objects.create(**_of(fields, "force", force))


def measure(**fields: Any) -> SizeMeasure:
    n = next(_numbers)
    fields["alliance"] = fields.get("alliance") or alliance()
    return SizeMeasure.objects.create(**{"name": f"Measure {n}", **fields})


def force_size(**fields: Any) -> ForceSize:
    """100 on 1 April 2016, first release."""
    given = _of(fields, "force", force)
    given["measure"] = given.get("measure") or measure(alliance=given["alliance"])
    usual = {"effective_on": APRIL_2016, "value": Decimal(100), "source": "A publication"}
    return ForceSize.objects.create(**{**usual, **given})


def change(**fields: Any) -> Change:
    """A forecast date moved by nobody known, through a command."""
    fields["alliance"] = fields.get("alliance") or alliance()
    usual = {"kind": Change.Kind.FORECAST_DATE, "door": Change.Door.COMMAND, "made_on": APRIL_2016}
    return Change.objects.create(**{**usual, **fields})


def gate(**fields: Any) -> Gate:
    n = next(_numbers)
    fields["alliance"] = fields.get("alliance") or alliance()
    return Gate.objects.create(**{"code": f"gate-{n}", "name": f"Gate {n}", "order": n, **fields})


def sign_off(**fields: Any) -> SignOff:
    given = _of(fields, "gate", gate)
    given["force"] = given.get("force") or force(alliance=given["alliance"])
    return SignOff.objects.create(**{"office": "Chief constable", **given})


def board_report(**fields: Any) -> BoardReport:
    """A draft."""
    fields["alliance"] = fields.get("alliance") or alliance()
    return BoardReport.objects.create(**{"title": "A report", "as_at": APRIL_2016, **fields})


def benefit(**fields: Any) -> Benefit:
    fields["alliance"] = fields.get("alliance") or alliance()
    return Benefit.objects.create(**{"kind": Benefit.Kind.SERVICE, "title": "Quicker", **fields})


def area(**fields: Any) -> BusinessArea:
    n = next(_numbers)
    fields["alliance"] = fields.get("alliance") or alliance()
    usual = {"code": f"area-{n}", "name": f"Area {n}", "category": "BUSINESS_SUPPORT"}
    return BusinessArea.objects.create(**{**usual, **fields})


def area_membership(**fields: Any) -> AreaMembership:
    """A stay without beginning or end."""
    given = _of(fields, "area", area)
    given["force"] = given.get("force") or force(alliance=given["alliance"])
    return AreaMembership.objects.create(**given)


def staffing(**fields: Any) -> Staffing:
    given = _of(fields, "area", area)
    given["force"] = given.get("force") or force(alliance=given["alliance"])
    return Staffing.objects.create(**{"as_at": APRIL_2016, **given})


def design_strand(**fields: Any) -> DesignStrand:
    return DesignStrand.objects.create(
        **{"strand": DesignStrand.Strand.STRUCTURE, **_of(fields, "area", area)}
    )


def milestone(**fields: Any) -> Milestone:
    """An area's go-live on 1 April 2016; `area=None` with an alliance makes it the programme's."""
    n = next(_numbers)
    given = fields if "area" in fields and "alliance" in fields else _of(fields, "area", area)
    usual = {"code": f"milestone-{n}", "name": f"Milestone {n}", "baseline_on": APRIL_2016}
    kind = Milestone.Kind.GO_LIVE if given["area"] else Milestone.Kind.OTHER
    return Milestone.objects.create(**{**usual, "kind": kind, **given})


def approval_request(**fields: Any) -> ApprovalRequest:
    """Somebody asks for 1 April 2016 as the approved date of a go-live; it waits."""
    fields["milestone"] = fields.get("milestone") or milestone()
    asked: Milestone = fields["milestone"]
    fields["asked_by"] = fields.get("asked_by") or user()
    usual = {"area": asked.area, "to_on": APRIL_2016, "asked_on": APRIL_2016, "reason": "Late"}
    return ApprovalRequest.objects.create(**{"alliance": asked.alliance, **usual, **fields})


def moved_date(**fields: Any) -> MovedDate:
    """A forecast moved from 1 April to 1 July 2016 by a change of its own; `details` are the change's."""
    fields["milestone"] = moved = fields.get("milestone") or milestone()
    why = {"reason": "Technology is not ready", "details": fields.pop("details", "")}
    fields["change"] = fields.get("change") or change(
        alliance=moved.alliance,
        area_id=moved.area_id,
        milestone_id=moved.pk,
        made_on=moved.alliance.today(timezone.localdate()),
        **why,
    )
    usual = {"which": MovedDate.Date.FORECAST, "from_on": APRIL_2016, "to_on": date(2016, 7, 1)}
    return MovedDate.objects.create(**{**usual, **fields})


def raid_item(**fields: Any) -> RaidItem:
    n = next(_numbers)
    fields["alliance"] = fields.get("alliance") or alliance()
    usual = {"code": f"raid-{n}", "kind": RaidItem.Kind.RISK, "title": f"Risk {n}"}
    return RaidItem.objects.create(**{**usual, **fields})


def item(**fields: Any) -> Item:
    """A recurring saving."""
    n = next(_numbers)
    usual = {"code": f"item-{n}", "name": f"Item {n}", "kind": "SAVING", "recurrence": "RECURRING"}
    return Item.objects.create(**{**usual, **_of(fields, "area", area)})


def amount(**fields: Any) -> Amount:
    """£100 approved for April 2016."""
    given = _of(fields, "item", item)
    usual = {"version": "APPROVED", "starts_on": APRIL_2016, "pence": 10_000, **given}
    return Amount.objects.create(**{"year": financial_year_of(usual["starts_on"]), **usual})


def what_if(**fields: Any) -> Scenario:
    """Equal shares from 1 April 2016, and 5% more of nothing that is on record."""
    fields["alliance"] = fields.get("alliance") or alliance()
    fields["made_by"] = fields.get("made_by") or user()
    made = Scenario.objects.create(**{"name": "Halves", **fields})
    suppose(made, RuleHolds(APRIL_2016, "EQUAL"))
    suppose(made, MoneyMoves("not-on-record", APRIL_2016, Decimal(5)))
    made.refresh_from_db()
    return made


def financial_year(**fields: Any) -> FinancialYear:
    """2016/17, open."""
    fields["alliance"] = fields.get("alliance") or alliance()
    return FinancialYear.objects.create(**{"year": 2016, **fields})


def sharing_rule(**fields: Any) -> SharingRule:
    """Equal shares of the whole alliance's money from 1 April 2016."""
    fields["alliance"] = fields.get("alliance") or alliance()
    return SharingRule.objects.create(**{"effective_on": APRIL_2016, "method": "EQUAL", **fields})


def sharing_term(**fields: Any) -> SharingTerm:
    """A measure of weight 1, of a rule by size."""
    with transaction.atomic():
        rule = fields.get("rule") or sharing_rule(
            method="SIZE", alliance=fields.get("alliance") or alliance()
        )
        given = {"alliance": rule.alliance, **fields, "rule": rule}
        if "force" not in given:
            given["measure"] = given.get("measure") or measure(alliance=rule.alliance)
            given.setdefault("weight", Decimal(1))
        return SharingTerm.objects.create(**given)


def recompute_request(**fields: Any) -> RecomputeRequest:
    given = _of(fields, "area", area)
    return RecomputeRequest.objects.create(**{"year": 2016, "cause": "A test asked", **given})


def run(**fields: Any) -> Run:
    fields["alliance"] = fields.get("alliance") or alliance()
    return Run.objects.create(**{"cause": "A test asked", **fields})


def _of(fields: dict[str, Any], name: str, make: Any) -> dict[str, Any]:
    """The fields with what the row belongs to, made if need be, and its alliance."""
    owner = fields.get(name) or make(
        **({"alliance": fields["alliance"]} if "alliance" in fields else {})
    )
    return {"alliance": owner.alliance, **fields, name: owner}
