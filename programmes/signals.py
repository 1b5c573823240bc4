"""The one message that travels upwards: an input of the shares has changed."""

from django.dispatch import Signal

# Sent by services, inside the transaction that makes the change. Keyword arguments:
#   alliance: Alliance
#   area_ids: set[int] or None (every area)
#   since: date or None; shares of financial years that end before it are not affected
#   dates_changed: bool; True if a milestone's date or the alliance's target moved, so that
#       forecasts derived from it must be derived again
#   cause: str, a few words for the record ("a force size changed")
#   by: User or None
shares_inputs_changed = Signal()
