"""The grid of an area's months: what stands in its cells, what is pasted or spread, and how it is saved."""
