"""Child processes that never outlive the launcher, however it ends."""

import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def dying_with_parent(at_death: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` after which the kernel sends `at_death` to the child when this process dies.

    It must be set after the change of user, which clears it; `preexec_fn` runs after that. The
    kernel watches the thread that forks, so call it from the main thread only.
    """
    parent = os.getpid()

    def before_exec() -> None:
        die_with_parent(at_death)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def die_with_parent(at_death: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel send `at_death` to this process when the thread that forked it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, at_death)


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: IO[bytes],
    cwd: Path,
    at_death: signal.Signals = signal.SIGTERM,
    owner: tuple[int, int] | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches the launcher only.

    The launcher then stops its children in the right order. `owner`: the uid and gid to run as.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=dying_with_parent(at_death),
        user=owner and owner[0],
        group=owner and owner[1],
        extra_groups=[] if owner else None,
        pass_fds=pass_fds,
    )


def stop(child: subprocess.Popen[bytes], with_signal: signal.Signals, seconds: float) -> None:
    """End a child politely, and after `seconds` by force with everything it started."""
    if child.poll() is None:
        child.send_signal(with_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def signal_each(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to each that is still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def working_in(folder: Path, program: str) -> list[int]:
    """The processes that run a program of this name with this folder as their working directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended, or is another user's
            runs = (process / "exe").readlink().name.removesuffix(" (deleted)")
            if runs == program and (process / "cwd").readlink() == folder.resolve():
                found.append(int(process.name))
    return found


def last_lines(log: Path, count: int = 8) -> str:
    """The end of a log, indented, for an error message."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"  {line}" for line in lines[-count:])
