"""The processes that `manage.py serve` starts: all of them answer, or none is left running."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType

START_SECONDS = 60
STOP_SECONDS = 8
# Options of prctl(2), Linux.
SET_PARENT_DEATH_SIGNAL = 1
SET_CHILD_SUBREAPER = 36


class Stopped(Exception):
    """Somebody asked everything to stop."""


class Processes:
    """Starts processes, watches them, and on leaving stops every one with all its children.

    Each runs in a process group of its own: Ctrl-C reaches only us, and we stop each, first
    asking, then, after ``STOP_SECONDS`` at the latest, by force and with its whole group. Should we be killed outright, the
    kernel stops them.
    """

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.make = parent_that_is_make()

    def __enter__(self) -> Processes:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._asked_to_stop)
        adopt_orphans()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self.stop()
        return kind is Stopped

    def start(self, name: str, program: str, *arguments: str) -> None:
        """Start a program of this virtual environment."""
        path = Path(sys.executable).parent / program
        self.running[name] = subprocess.Popen(  # noqa: S603
            [str(path), *arguments], start_new_session=True, preexec_fn=die_with_parent
        )

    def wait_until_it_answers(self, address: str) -> None:
        """Wait for the web server. Any answer will do: it is up, whatever it thinks of itself."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            self.check()
            try:
                urllib.request.urlopen(address, timeout=5)  # noqa: S310
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(
            f"No answer from {address} within {START_SECONDS} s; see the output above."
        )

    def wait(self) -> None:
        """Wait until somebody asks to stop. One process ending by itself ends all."""
        while True:
            self.check()
            time.sleep(0.5)

    def check(self) -> None:
        if self.make and was_interrupted(self.make):
            raise Stopped
        for name, process in self.running.items():
            if process.poll() is not None:
                raise SystemExit(
                    f"The {name} process ended by itself (code {process.returncode}); "
                    "everything is stopped. See the output above."
                )

    def stop(self) -> None:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        for process in self.running.values():
            process.terminate()
        end = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, end - time.monotonic()))
            # Also what a process that has gone may have left behind in its group.
            kill_group(process)
            process.wait()
        self.running.clear()
        reap_orphans()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        raise Stopped


def kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def die_with_parent() -> None:
    """Ask the kernel to stop this process should its parent be killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose parent ends before them, so as to see them end."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1)


def reap_orphans() -> None:
    """Wait for what was adopted and is ending; each was killed with its group."""
    end = time.monotonic() + STOP_SECONDS
    with suppress(ChildProcessError):
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)


def is_free(host: str, port: int) -> bool:
    """Whether this port can be listened on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def parent_that_is_make() -> int | None:
    """The process id of the make that started us, if one did."""
    parent = os.getppid()
    try:
        name = Path(f"/proc/{parent}/comm").read_text().strip()
    except OSError:
        return None
    return parent if name in {"make", "gmake"} else None


def was_interrupted(make: int) -> bool:
    """Whether an interrupt was sent to make alone (``kill -INT``), which does not hand it on.

    A make that has been interrupted no longer catches the signal while it waits for us; a make
    that has gone has no status at all.
    """
    try:
        status = Path(f"/proc/{make}/status").read_text()
    except OSError:
        return True
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return not int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1
