"""Writing an alliance back out as the workbook that would load it."""

from pathlib import Path

from alliance_portal.workbook.sheets import Workbook
from alliance_portal.workbook.stored import stored_workbook
from alliance_portal.workbook.writing import write
from programmes.models import Alliance


def export(alliance: Alliance, path: Path) -> Workbook:
    """Writes an .xlsx if the path ends so, else a folder of CSV files; returns what was written.

    Derived amounts are left out. Raises OSError.
    """
    workbook = stored_workbook(alliance)
    write(workbook, path)
    return workbook
