"""A file that was sent, on disk for as long as it is read; one at a time in a process."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

# A large file takes minutes and hundreds of megabytes, so each process reads one at a time, also
# where somebody who is tired of waiting sends it again.
_reading = threading.Lock()


@contextmanager
def on_disk(file: "UploadedFile[bytes]", name: str) -> Iterator[Path]:
    """The file under a name that a reader knows it by, alone in its folder; gone afterwards.

    Raises ValidationError while another is being read.
    """
    if not _reading.acquire(blocking=False):
        raise ValidationError(
            "Another file is being read, and yours was not: choose it again in a minute"
        )
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            with path.open("wb") as copy:
                copy.writelines(file.chunks())
            yield path
    finally:
        _reading.release()
