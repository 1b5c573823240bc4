"""Turns the message that an input changed into derived forecasts and recompute requests."""

from datetime import date
from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from programmes.models import Alliance, User
from programmes.signals import shares_inputs_changed
from savings import outdated, services
from savings.engine.periods import financial_year_of


@receiver(shares_inputs_changed)
def ask_for_shares(
    *,
    alliance: Alliance,
    cause: str,
    area_ids: set[int] | None = None,
    since: date | None = None,
    dates_changed: bool = False,
    by: User | None = None,
    **_later: Any,
) -> None:
    """Runs inside the transaction of the change. A moved date asks only for the years it touches."""
    if dates_changed:
        services.derive_forecasts(alliance=alliance, area_ids=area_ids, cause=cause, by=by)
        return
    services.request_recompute(
        alliance=alliance,
        cause=cause,
        area_ids=area_ids,
        since_year=financial_year_of(since) if since else None,
        by=by,
    )


@receiver(post_migrate)
def ask_for_what_another_engine_worked_out(
    *, app_config: AppConfig, plan: object = None, **_more: Any
) -> None:
    """After `migrate` has brought all tables up to date; not after `flush`, which names no plan."""
    if app_config.label == "savings" and plan is not None:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            outdated.ask_again()
