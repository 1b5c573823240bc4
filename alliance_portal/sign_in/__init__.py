"""Who gets in: the account pages that there are, whose address counts, and how tries are slowed."""
