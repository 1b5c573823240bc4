"""An alliance as at a day: its areas, dates, people and what was said of them, and how that is rated."""
