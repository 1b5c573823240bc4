"""Why figures moved: the bridge between two moments, and the page of one change on record."""
