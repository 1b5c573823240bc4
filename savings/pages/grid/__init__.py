"""The grid: an area's items by month in one version, typed, pasted or spread, checked, and saved."""
