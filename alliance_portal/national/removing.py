"""Takes invented national data away again."""

from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet

from programmes.models import Alliance

# Tables that name no alliance, with what they hang from.
_LEAVES = (
    ("business_areas_moveddate", "change_id", "programmes_change"),
    ("savings_amountshares", "pool_id", "savings_pool"),
    ("savings_poolshare", "pool_id", "savings_pool"),
    ("savings_ratiopart", "ratio_id", "savings_sharingratio"),
)


def national_alliances() -> QuerySet[Alliance]:
    """The alliances that make_national made."""
    return Alliance.objects.filter(code__regex=r"^national-\d+$")


def remove_national() -> int:
    """Delete the national alliances with all that is theirs, history too; how many there were."""
    return remove_alliances(national_alliances())


@transaction.atomic
def remove_alliances(alliances: QuerySet[Alliance]) -> int:
    """Delete these alliances with all that is theirs, history too; how many there were.

    Triggers are off meanwhile, so that nothing is recorded of it. Needs the right to set
    `session_replication_role`. Only for throw-away data: a real alliance keeps its history.
    """
    ids = list(alliances.values_list("pk", flat=True))
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, link, stem in _LEAVES:
            cursor.execute(
                f"DELETE FROM {table} WHERE {link} IN"  # noqa: S608
                f" (SELECT id FROM {stem} WHERE alliance_id = ANY(%s))",
                [ids],
            )
        for table in _tables_of_alliances():
            cursor.execute(f"DELETE FROM {table} WHERE alliance_id = ANY(%s)", [ids])  # noqa: S608
        cursor.execute("DELETE FROM programmes_allianceevent WHERE pgh_obj_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM programmes_alliance WHERE id = ANY(%s)", [ids])
        cursor.execute("SET LOCAL session_replication_role = origin")
    return len(ids)


def _tables_of_alliances() -> list[str]:
    """Every table whose rows say which alliance they are of, tables of history too."""
    options = [model._meta for model in apps.get_models()]  # noqa: SLF001
    return [
        connection.ops.quote_name(option.db_table)
        for option in options
        if "alliance_id" in {field.column for field in option.concrete_fields}
    ]
