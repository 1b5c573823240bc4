"""Takes away what nobody reads any more: ratios that divide nothing."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

# A ratio may be wanted again: a size restated and set back, a preview a moment before its change.
UNUSED_RATIOS_ARE_KEPT = timedelta(days=1)

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
