"""Servers and processes to be killed with SIGKILL and started again where they died.

Unlike ``tests.servers`` the PostgreSQL here is as safe as a ministry's: ``fsync`` and
``synchronous_commit`` are on, since being killed is what it is here for.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.servers import SERVERS_USER, free_port, newest_postgresql

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


class Killable:
    """A program that is started, killed with all its descendants, and started again."""

    def __init__(self, name: str, command: list[str], **options: Any) -> None:
        self.name, self.command, self.options = name, command, options
        self.process: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.options,
        )

    def kill(self) -> None:
        if self.process is None:
            return
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()
        self.process = None

    def kill_and_start_again(self, seconds_between: float) -> None:
        self.kill()
        self.kills += 1
        time.sleep(seconds_between)
        self.start()


class KillablePostgreSQL(Killable):
    """A PostgreSQL of our own. ``start`` waits until it answers, recovery included."""

    def __init__(self, place: Path) -> None:
        programs = newest_postgresql()
        self.port = free_port()
        self.data = place / "data"
        run_as = {"user": SERVERS_USER, "group": SERVERS_USER} if os.geteuid() == 0 else {}
        place.mkdir(parents=True)
        if run_as:
            shutil.chown(place, SERVERS_USER)
        make = [programs / "initdb", "-D", self.data, "-U", SERVERS_USER, "-A", "trust"]
        make += ["-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(make, check=True, cwd=place, stdout=subprocess.DEVNULL, **run_as)
        settings = {"listen_addresses": "127.0.0.1", "port": self.port, "fsync": "on",
                    "synchronous_commit": "on", "max_connections": 40}  # fmt: skip
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        command = [str(programs / "postgres"), "-D", str(self.data), "-k", str(place), *options]
        super().__init__("postgresql", command, cwd=place, **run_as)

    @property
    def address(self) -> str:
        return f"postgres://{SERVERS_USER}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        import psycopg

        def answers() -> bool:
            if self.process is None or self.process.poll() is not None:
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                Killable.start(self)
            try:
                psycopg.connect(self.address, connect_timeout=2).close()
            except psycopg.OperationalError:
                return False
            return True

        wait_until(answers)


class KillableRedis(Killable):
    """A Redis of our own that keeps nothing: when it dies, every message in it is gone."""

    def __init__(self, place: Path) -> None:
        self.port = free_port()
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("redis-server is not installed")
        place.mkdir(parents=True)
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        super().__init__("redis", [*command, "--dir", str(place)])

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"


def worker() -> Killable:
    return Killable("worker", celery("worker", "--concurrency=2", "--without-gossip",
                    "--without-mingle", "--without-heartbeat"), cwd=ROOT)  # fmt: skip


def lone_worker(name: str) -> Killable:
    """A worker of one process, as it would run on another machine."""
    return Killable(name, celery("worker", "--pool=solo", f"--hostname={name}@%h",
                    "--without-gossip", "--without-mingle", "--without-heartbeat"), cwd=ROOT)  # fmt: skip


def scheduler(name: str, place: Path) -> Killable:
    return Killable(name, celery("beat", f"--schedule={place / name}", "--pidfile="), cwd=ROOT)


def web(port: int) -> Killable:
    program = str(Path(sys.executable).parent / "granian")
    return Killable("web", [program, "--interface=wsgi", "--host=127.0.0.1", f"--port={port}",
                    "--workers=1", "--blocking-threads=2", "--log-level=error",
                    "config.wsgi:application"], cwd=ROOT)  # fmt: skip


def celery(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--quiet", "--app=config", *arguments,
            "--loglevel=CRITICAL"]  # fmt: skip


def descendants(pid: int) -> list[int]:
    """Every process begun by this one, or by one of those."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(entry.name))
    found, ahead = [], [pid]
    while ahead:
        below = children.get(ahead.pop(), [])
        found += below
        ahead += below
    return found


def wait_until(true: Callable[[], bool], seconds: float = START_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds:.0f} s")
        time.sleep(0.05)
