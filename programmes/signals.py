"""The one message that travels upwards: an input of the shares has changed.

Services send it inside the transaction that makes the change, with keyword arguments: `alliance`;
`area_ids`, a set or None for every area; `since`, a date or None (financial years that end before
it are not affected); `dates_changed`, true if a milestone's date or the alliance's target moved, so
that forecasts follow; `cause`, a few words for the record; `by`, the User or None.
"""

from django.dispatch import Signal

shares_inputs_changed = Signal()
