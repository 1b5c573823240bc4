"""The working workbook: every ratio, share, total and check as a live formula over amounts and sizes."""

from savings.papers.working.book import write_working

__all__ = ["write_working"]
