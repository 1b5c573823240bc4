"""Work that is skipped while what it was made from stays the same."""

import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .places import Places


def fingerprint(*parts: Path | str) -> str:
    """One hash over texts, files and the files below folders (but not below `node_modules`)."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            total.update(part.encode())
            continue
        for file in sorted(_files(part)):
            total.update(f"\0{file.relative_to(part.parent)}\0".encode())
            total.update(file.read_bytes())
    return total.hexdigest()


def is_done(places: Places, name: str, wanted: str) -> bool:
    """True if the work was last done from exactly this."""
    try:
        return (places.stamps / name).read_text() == wanted
    except FileNotFoundError:
        return False


def done(places: Places, name: str, wanted: str) -> None:
    """Remember what the work was done from."""
    (places.stamps / name).write_text(wanted)


@contextmanager
def one_at_a_time(places: Places, name: str) -> Iterator[None]:
    """Keep two launchers of one checkout from doing the same work at once."""
    with (places.run / f"{name}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _files(part: Path) -> Iterable[Path]:
    if part.is_file():
        return [part]
    found = (path for path in part.rglob("*") if "node_modules" not in path.parts)
    return [path for path in found if path.is_file()]
