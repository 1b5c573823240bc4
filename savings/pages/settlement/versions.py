"""A version's page: what was proposed, who said what of it, what is paid, and what moved since."""

from typing import Any

from django.views.generic import TemplateView

from programmes.changes.record import changes_of
from programmes.models import Alliance, Change
from programmes.pages import InAlliance
from programmes.permissions import Action, spokespeople
from savings.engine.periods import year_slug
from savings.models import Settlement
from savings.pages.settlement.acts import name_of, version_or_404
from savings.selectors.accounts import read_account
from savings.selectors.settlement import settlement_of
from savings.settling.document import account_in
from savings.settling.versions import Version, moved_lines

_CHANGES_SHOWN = 20


class SettlementVersion(InAlliance, TemplateView):
    """A settlement as it was proposed."""

    template_name = "savings/settlement/version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The version, beside the one before it and beside today."""
        alliance = self.standing.alliance
        version = version_or_404(alliance, self.kwargs["year"], self.kwargs["number"])
        row, found = version.row, version.settlement
        today = settlement_of(
            read_account(alliance, row.year, "ACTUAL", until=row.until), through=found.through
        )
        before = Settlement.objects.filter(
            alliance=alliance, year=row.year, number=row.number - 1
        ).first()
        own = [
            each
            for each in version.answers
            if version.is_newest and self.standing.may(Action.ANSWER, of=each.force)
        ]
        paying = {
            each.force.pk
            for each in version.answers
            if version.is_newest and self.standing.may(Action.SETTLE, of=each.force)
        }
        return super().get_context_data(
            version=version,
            settlement=found,
            title=name_of(row),
            slug=year_slug(row.year),
            since=moved_lines(found, today) if version.is_newest else (),
            before=before,
            moved=moved_lines(settlement_of(account_in(before.document)), found) if before else (),
            changes=_changes_between(alliance, before, row) if before else (),
            own={each.force.pk for each in own},
            paying=paying,
            who_answers=_who_answers(alliance, version) if version.waiting else "",
            why_not=self.standing.why_not(Action.ANSWER) if paying and not own else "",
            may_agree=any(not each.has_agreed for each in own),
            own_name=own[0].force.name if own else "",
            **kwargs,
        )


def _who_answers(alliance: Alliance, version: Version) -> str:
    """Whose answer is waited for, by name: “For Dorset Police: Bob.” One query."""
    people = spokespeople(alliance, Action.ANSWER)
    return " ".join(
        f"For {force.name}: {', '.join(people.get(force.pk, ())) or 'no finance officer yet'}."
        for force in version.waiting
    )


def _changes_between(alliance: Alliance, before: Settlement, after: Settlement) -> list[Change]:
    """What was changed between the two, the newest first. One query."""
    found = changes_of(alliance).exclude(kind=Change.Kind.SETTLEMENT)
    between = found.filter(made_at__gt=before.proposed_at, made_at__lte=after.proposed_at)
    return list(between[:_CHANGES_SHOWN])
