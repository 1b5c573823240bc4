"""How long a web request waits for the database: for another's lock a little, for an answer longer.

The limits are set inside each transaction, so they hold behind a pooler that hands every
transaction another connection, and a worker or command that shares it is not bound by them.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import render
from django.template.loader import get_template
from psycopg2 import errorcodes, extensions

from alliance_portal.serving import silence
from programmes.pages import SAFE_METHODS

SAVING = (
    "Someone else is saving this at the moment, so nothing of yours was saved; "
    "what you typed is still here: try again."
)
TOO_LONG = (
    f"This took longer than {settings.WEB_STATEMENT_SECONDS} seconds and was stopped, so nothing was "
    "saved; what you typed is still here: try again."
)
_SENTENCES = {
    errorcodes.LOCK_NOT_AVAILABLE: SAVING,
    errorcodes.DEADLOCK_DETECTED: SAVING,
    errorcodes.SERIALIZATION_FAILURE: SAVING,
    errorcodes.QUERY_CANCELED: TOO_LONG,
}
_SECONDS_TO_TRY_AGAIN = 5
_PAGE = "503_busy.html"
_ONCE_MORE = 0.1
# Not sent back to the browser: what is secret, and what belongs to the form and not to the person.
_NOT_KEPT = ("password", "csrfmiddlewaretoken")


class Busy(ValidationError):
    """Somebody else's save was in the way: a form shows it like any other refusal, and stays as it is."""


class Patience:
    """Sees every statement of one request. `sentence` says what was given up, if anything was."""

    def __init__(self, *, saves: bool) -> None:
        self.saves = saves
        self.sentence = ""

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        """Execute within the limits. Raises Busy where a request that saves meets one."""
        silence.asked()
        try:
            return execute(self._within_limits(sql, context), params, many, context)
        except OperationalError as problem:
            self.sentence = given_up(problem)
            if self.saves and self.sentence:
                raise Busy(self.sentence) from problem
            raise

    def _within_limits(self, sql: Any, context: Any) -> Any:
        """The statement; before the first one of a transaction, or of none, come the limits.

        Who has waited once waits no more: the page that says so must not wait for the same again.
        """
        session = context["connection"].connection
        if session.info.transaction_status != extensions.TRANSACTION_STATUS_IDLE:
            return sql
        lock_seconds = _ONCE_MORE if self.sentence else settings.WEB_LOCK_SECONDS
        limits = (
            f"SET LOCAL lock_timeout = {int(lock_seconds * 1000)};"
            f"SET LOCAL statement_timeout = {int(settings.WEB_STATEMENT_SECONDS * 1000)};"
        )
        if session.autocommit and context["cursor"].name is not None:
            raise TransactionManagementError("A server-side cursor of a page needs a transaction.")
        if not session.autocommit:
            with context["connection"].wrap_database_errors, session.cursor() as cursor:
                cursor.execute(limits)
            return sql
        # Sent together the limits and the statement are one transaction.
        return limits + sql


def given_up(problem: BaseException) -> str:
    """What a person is told of a limit that was met; empty for any other problem."""
    if isinstance(problem, Busy):
        return str(problem.message)
    return _SENTENCES.get(getattr(problem.__cause__, "pgcode", None) or "", "")


class PatienceMiddleware:
    """Binds each web request to the limits, and answers where one was met: 503, nothing typed lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response; a form that shows the refusal is no success."""
        patience = Patience(saves=request.method not in SAFE_METHODS)
        with connection.execute_wrapper(patience):
            response = self.get_response(request)
        if patience.sentence and response.status_code in (200, 503):
            response.status_code = 503
            response["Retry-After"] = str(_SECONDS_TO_TRY_AGAIN)
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """A page of its own where no form has shown it."""
        sentence = given_up(problem)
        if not sentence:
            return None
        request.standing = None  # type: ignore[attr-defined]  # a frame that asks for nothing
        return render(request, _PAGE, _sent(request, sentence), status=503)


def busy(request: HttpRequest, sentence: str) -> HttpResponse:
    """The same page with a bare frame: whoever is signed in cannot be asked for, or not yet."""
    CsrfViewMiddleware(lambda _: HttpResponse()).process_request(request)  # the token of the cookie
    context = {**_sent(request, sentence), "csrf_token": get_token(request)}
    answer = HttpResponse(get_template(_PAGE).render(context), status=503)
    answer["Retry-After"] = str(_SECONDS_TO_TRY_AGAIN)
    return answer


def _sent(request: HttpRequest, sentence: str) -> dict[str, Any]:
    """What the page says, and what it carries to be sent again."""
    kept = [
        (name, value)
        for name, values in (request.POST.lists() if request.method == "POST" else ())
        if not any(part in name for part in _NOT_KEPT)
        for value in values
    ]
    return {
        "kept": kept,
        "problems": [{"sentence": sentence}],
        "address": request.get_full_path(),
    }
