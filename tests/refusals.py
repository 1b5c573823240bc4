"""What the database refuses, by name: each refusal is a test that returns the row to be refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

# Triggers that every recorded table has; one test for all of them is enough.
EVERYWHERE = {"insert_insert", "update_update", "delete_delete", "append_only", "count_revision"}


class Refusals:
    """The refusals of one app that its tests have shown, against all that its models promise."""

    def __init__(self, app: str) -> None:
        self.app = app
        self.shown: set[str] = set()

    def by(
        self, name: str, *, says: str = ""
    ) -> Callable[[Callable[..., Model]], Callable[..., None]]:
        """A test whose returned row the constraint `name` refuses, and full_clean too, with `says`."""
        self.shown.add(name)

        def decorate(wrong_row: Callable[..., Model]) -> Callable[..., None]:
            @wraps(wrong_row)
            def test(*arguments: Any, **fixtures: Any) -> None:
                row = wrong_row(*arguments, **fixtures)
                if says:
                    with pytest.raises(ValidationError) as problem:
                        row.full_clean()
                    assert says in problem.value.messages
                with refused(name):
                    row.save()

            test.__annotations__["return"] = None
            return test

        return decorate

    def by_trigger(self, *names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Marks an ordinary test as the one that shows these triggers, each as Model.trigger."""
        self.shown.update(names)
        return lambda test: test

    def promised(self) -> set[str]:
        """Every named constraint of the app's models, and every trigger as Model.trigger."""
        models = list(apps.get_app_config(self.app).get_models())
        constraints = {each.name for model in models for each in model._meta.constraints}
        triggers = {
            f"{model.__name__}.{trigger.name}"
            for model, trigger in pgtrigger.registered()
            if model in models and trigger.name not in EVERYWHERE
        }
        return constraints | triggers


@contextmanager
def refused(name: str) -> Iterator[None]:
    """Whatever is written inside is refused by the constraint `name`, at the latest on commit."""
    with pytest.raises(DatabaseError) as problem, transaction.atomic():  # noqa: PT012
        yield
        check_deferred()
    assert named_in(problem.value) == name, problem.value


def check_deferred() -> None:
    """Have deferred constraints checked now, as the end of the transaction would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def named_in(problem: DatabaseError) -> str:
    """The constraint that PostgreSQL says was broken."""
    return getattr(problem.__cause__, "diag").constraint_name or str(problem)  # noqa: B009
