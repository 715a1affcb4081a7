"""`manage.py serve` leaves nothing running, however it is stopped."""

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

import pytest
from django.conf import settings

from config.processes import is_free
from tests.servers import free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def product(tmp_path):
    """The product as `make run` starts it; gives the process and its port."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path / "var"),
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'test.sqlite3'}",
    }
    manage = [sys.executable, "manage.py"]
    where = {"env": environment, "cwd": settings.PROJECT_ROOT}
    subprocess.run([*manage, "migrate", "-v0"], check=True, timeout=300, **where)
    process = subprocess.Popen(
        [*manage, "serve"], stdout=subprocess.PIPE, text=True, start_new_session=True, **where
    )
    try:
        wait_for_answer(port)
        yield process, port
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)


def wait_for_answer(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("no answer")


def direct_children(pid: int) -> set[int]:
    """Those of every thread of the process; none of one that has gone."""
    found: set[int] = set()
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found |= {int(child) for child in (thread / "children").read_text().split()}
    return found


def descendants(pid: int) -> set[int]:
    found = direct_children(pid)
    return found.union(*(descendants(child) for child in found))


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if os.path.exists(f"/proc/{pid}")}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_stops_every_process_it_started(product, how):
    process, port = product
    time.sleep(2)  # the worker makes its own children after the web server answers
    started = descendants(process.pid)
    assert len(started) >= 4
    process.send_signal(how)
    process.wait(timeout=30)
    assert alive(started) == set()
    assert process.returncode == 0
    assert is_free("127.0.0.1", port)


def test_killing_one_process_stops_the_rest_and_says_so(product):
    process, _port = product
    started = descendants(process.pid)
    os.kill(min(direct_children(process.pid)), signal.SIGKILL)
    assert process.wait(timeout=30) != 0
    assert alive(started) == set()


def test_a_port_in_use_is_named_with_the_remedy(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "PORT": str(port)},
            cwd=settings.PROJECT_ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode != 0
    assert f"Port {port} is taken" in done.stderr
    assert "PORT=" in done.stderr
