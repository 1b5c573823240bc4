"""Private folders with short paths in the system's temporary folder.

Sockets live there because a socket's path may be 107 bytes at most, and a checkout's may be longer.
Each folder holds a locked file; a folder whose lock is free was left by a kill, and is removed.
"""

import fcntl
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from .problem import LauncherProblem

_PREFIX = "alliance-portal-"
_LOCK = "lock"
_LONGEST_SOCKET = 107
_LONGEST_NAME = len("/s/.s.PGSQL.5432")
_SECONDS_TO_LOCK = 600
_PLAIN = re.compile(r"[A-Za-z0-9/._-]+")  # the path becomes part of two addresses


class Scratch:
    """A folder that others may pass through but not list, gone when closed."""

    def __init__(self) -> None:
        base = _base()
        _remove_leftovers(base)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
        self._lock = (self.path / _LOCK).open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.path.chmod(0o711)

    def folder(self, name: str, *, owner: tuple[int, int] | None = None) -> Path:
        """Make a folder that only its owner may enter: this user, or the uid and gid given."""
        made = self.path / name
        made.mkdir(mode=0o700)
        if owner:
            os.chown(made, *owner)
        return made

    def close(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def passable(path: Path) -> bool:
    """True if every user may pass through the folder and all folders above it."""
    real = path.resolve()
    return all(folder.stat().st_mode & 0o001 for folder in (real, *real.parents))


def _base() -> Path:
    """The first temporary folder with a short, plain path that every user can reach."""
    for candidate in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):
        path = Path(candidate).resolve()
        length = len(os.fsencode(path)) + len(_PREFIX) + 9 + _LONGEST_NAME
        fits = length <= _LONGEST_SOCKET and _PLAIN.fullmatch(str(path))
        if fits and path.is_dir() and os.access(path, os.W_OK) and passable(path):
            return path
    raise LauncherProblem(
        "No temporary folder can be used; set TMPDIR to a short path that is writable."
    )


def _remove_leftovers(base: Path) -> None:
    for folder in base.glob(f"{_PREFIX}*"):
        try:
            details = folder.lstat()
            if details.st_uid != os.geteuid():
                continue
            with (folder / _LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:
            if time.time() - details.st_mtime > _SECONDS_TO_LOCK:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue
