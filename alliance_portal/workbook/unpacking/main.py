"""What the process does: see the package."""

import resource
import sys
import zipfile
from pathlib import Path

from .answering import Answer
from .csv_files import read_folder
from .excel_file import read_excel_file
from .limits import MEMORY, SECONDS, Refused
from .ods_file import read_ods_file


def main(path: str, known: str) -> None:
    """Print the cells of the workbook at `path`; `known` names the sheets to read, by commas."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.reconfigure(encoding="ascii", newline="\n")  # type: ignore[union-attr]
    answer = Answer(sys.stdout, frozenset(known.split(",")))
    try:
        if Path(path).is_dir():
            read_folder(path, answer)
        else:
            (read_ods_file if path.endswith(".ods") else read_excel_file)(path, answer)
        answer.say(end=True)
    except Refused as refusal:
        answer.refused(refusal)
    except MemoryError:
        answer.refused(Refused("large", whole=True))
    except (zipfile.BadZipFile, EOFError):
        answer.refused(Refused("damaged", whole=True))
    except Exception:  # whatever a hostile file makes a parser raise, the answer is the same
        answer.refused(Refused("unreadable", whole=True))
