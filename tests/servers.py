"""Throw-away servers for tests and measurements: a private PostgreSQL and a private Redis.

Each lives in a temporary directory on a free port, belongs to nobody else, and is gone when the
``with`` block ends, whatever happens in it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SERVERS_USER = "postgres"


class NotInstalled(Exception):
    """A server's program is not on this machine."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis that keeps nothing on disk; gives its address."""
    program = shutil.which("redis-server")
    if program is None:
        raise NotInstalled("redis-server")
    port = free_port()
    with temporary_directory("redis") as place:
        process = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", place],
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(port, process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def postgresql_server(settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """A PostgreSQL of the newest version installed; gives the address of an empty database.

    It refuses to run as root, so root starts it as the user that its package made. ``settings``
    override those for tests, which give up safety after a power cut for speed.
    """
    programs = newest_postgresql()
    port = free_port()
    chosen = {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
    }
    chosen |= {"listen_addresses": "127.0.0.1", "port": str(port), "max_connections": "60"}
    chosen |= settings or {}
    with temporary_directory("postgresql") as place:
        become = []
        if os.geteuid() == 0:
            shutil.chown(place, SERVERS_USER)
            become = ["runuser", "-u", SERVERS_USER, "--"]
        data = str(Path(place) / "data")
        make = [*become, str(programs / "initdb"), "-D", data, "-U", SERVERS_USER, "-A", "trust"]
        make += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(make, check=True, cwd=place, stdout=subprocess.DEVNULL)
        options = [part for key, value in chosen.items() for part in ("-c", f"{key}={value}")]
        log = (Path(place) / "log").open("wb")
        process = subprocess.Popen(
            [*become, str(programs / "postgres"), "-D", data, "-k", place, *options],
            cwd=place,
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(port, process)
            yield f"postgres://{SERVERS_USER}@127.0.0.1:{port}/postgres"
        finally:
            stop = [*become, str(programs / "pg_ctl"), "-D", data, "stop", "-m", "immediate"]
            subprocess.run(stop, check=False, cwd=place, stdout=subprocess.DEVNULL)
            process.wait(timeout=30)
            log.close()


def newest_postgresql() -> Path:
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    by_version = sorted(found, key=lambda path: int(path.parts[-3]))
    if by_version:
        return by_version[-1].parent
    if program := shutil.which("initdb"):
        return Path(program).resolve().parent
    raise NotInstalled("postgresql")


@contextmanager
def temporary_directory(name: str) -> Iterator[str]:
    place = tempfile.mkdtemp(prefix=f"mla-{name}-")
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server on port {port} ended with code {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server on port {port} did not start within {seconds:.0f} s")
