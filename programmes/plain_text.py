"""Text without what is hard to type: accents, curved quotation marks, capitals."""

from typing import Any

from django.db.models import Func, TextField

_CURVED = "‘’ʼ“”‐‑‒–—"
_STRAIGHT = "''''''\"\"-----"  # as SQL writes it: a quotation mark inside a text is written twice


class Plain(Func):
    """Small letters without accents, straight quotation marks, hyphens: “Siôn’s” is "sion's".

    By PostgreSQL's own functions, so that no extension has to be installed.
    """

    template = (
        r"lower(translate(regexp_replace(normalize(%(expressions)s, NFKD), '[\u0300-\u036f]', '', 'g'),"
        f" '{_CURVED}', '{_STRAIGHT}'))"
    )

    def __init__(self, expression: Any) -> None:
        super().__init__(expression, output_field=TextField())
