"""Form fields for what people type here: dates in three boxes, pounds, percentages and sizes.

They accept what people write, refuse the rest with one sentence, and keep what was typed.
"""

from programmes.form_fields.dates import PARTS, DateField, DateInput
from programmes.form_fields.naming import mid_sentence
from programmes.form_fields.numbers import (
    MoneyField,
    NumberField,
    NumberInput,
    PercentField,
    SizeField,
)
from programmes.form_fields.text import TextField

__all__ = [
    "PARTS",
    "DateField",
    "DateInput",
    "MoneyField",
    "NumberField",
    "NumberInput",
    "PercentField",
    "SizeField",
    "TextField",
    "mid_sentence",
]
