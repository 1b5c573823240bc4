"""Takes away what nobody reads any more: ratios that divide nothing, and the runs of past years."""

from datetime import timedelta

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from savings.models import Run

# A ratio may be wanted again: a size restated and set back, a preview a moment before its change.
UNUSED_RATIOS_ARE_KEPT = timedelta(days=1)
# Over a year, so that the year before can be looked up when it is closed.
RUNS_ARE_KEPT = timedelta(days=400)
RUNS_AT_A_TIME = 5_000

# Locked first and looked at again then, so that a worker that takes one up meanwhile keeps it.
_UNUSED = """
    SELECT id FROM savings_sharingratio r
     WHERE r.made_at < %s
       AND NOT EXISTS (SELECT 1 FROM savings_pool p WHERE p.ratio_id = r.id)
       FOR UPDATE SKIP LOCKED
"""
_STILL_UNUSED = """
    SELECT id FROM savings_sharingratio r
     WHERE r.id = ANY(%s) AND NOT EXISTS (SELECT 1 FROM savings_pool p WHERE p.ratio_id = r.id)
"""


@transaction.atomic
def prune_ratios() -> int:
    """Delete ratios a day old that divide no pool, with their parts; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_UNUSED, [timezone.now() - UNUSED_RATIOS_ARE_KEPT])
        held = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(_STILL_UNUSED, [held])
        unused = [pk for (pk,) in cursor.fetchall()]
        cursor.execute("DELETE FROM savings_ratiopart WHERE ratio_id = ANY(%s)", [unused])
        cursor.execute("DELETE FROM savings_sharingratio WHERE id = ANY(%s)", [unused])
    return len(unused)


def prune_runs() -> int:
    """Delete ended runs that began 400 days ago or earlier and that no other row names; how many.

    At most RUNS_AT_A_TIME, the oldest first: the next hour takes the rest.
    """
    old = Run.objects.filter(started_at__lte=timezone.now() - RUNS_ARE_KEPT)
    old = old.exclude(state=Run.State.RUNNING)
    for link in names_of_runs():
        naming = link.model._base_manager.filter(**{link.name: OuterRef("pk")})  # noqa: SLF001
        old = old.filter(~Exists(naming))
    oldest = list(old.order_by("pk").values_list("pk", flat=True)[:RUNS_AT_A_TIME])
    Run.objects.filter(pk__in=oldest).delete()
    return len(oldest)


def names_of_runs() -> list[models.ForeignKey[Run, Run]]:
    """Every column of any table that names a run."""
    reverse = Run._meta.get_fields(include_hidden=True)  # noqa: SLF001 (public)
    return [link.field for link in reverse if isinstance(link, models.ManyToOneRel)]
