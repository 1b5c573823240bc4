"""How large a figure may be, whoever writes it and wherever."""

from decimal import Decimal

# £10 trillion: whatever is above it is a slip, and the engine reckons in 64 bits.
MOST_PENCE = 10**15
MOST_SIZE = Decimal(10**15)
# Staffing, in full-time equivalents: what the record has room for.
MOST_PEOPLE = Decimal("99999999.99")
MOST_WEIGHT = Decimal("99999.9999")
# Ten times a full year's value; a ramp may overshoot while two ways of working run side by side.
MOST_RAMP = 1_000
# Fifty years after its milestone, or before it.
MOST_OFFSET = 600
