"""The broker in files: a worker that polls while a message is written takes it whole."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection
from kombu.simple import SimpleQueue

MANY = 3000


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[object]:
    options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
        "polling_interval": 0.01,
    }
    opened: list[Connection] = []

    def connection() -> Connection:
        opened.append(Connection("filesystem://", transport_options=options))
        return opened[-1]

    yield connection
    for each in opened:
        each.release()


def read(queue: SimpleQueue) -> object:
    message = queue.get(timeout=20)
    message.ack()
    return message.payload


def test_no_message_is_read_before_it_is_written_whole(connect):
    taken = connect().SimpleQueue("bells")
    sent = connect().SimpleQueue("bells")

    def write() -> None:
        for number in range(MANY):
            sent.put({"number": number, "weight": "x" * 2000})

    writing = threading.Thread(target=write)
    writing.start()
    read_in = sorted(read(taken)["number"] for _each in range(MANY))
    writing.join()
    assert read_in == list(range(MANY))


def test_a_message_that_cannot_be_read_is_stepped_over(connect, tmp_path):
    broken = connect().SimpleQueue("broken")
    broken.put("first")
    (written,) = tmp_path.glob("*.broken.msg")
    (tmp_path / f"0_{written.name}").write_bytes(b"")
    assert read(broken) == "first"
