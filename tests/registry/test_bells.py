"""Bells: rung after the commit, and harmless when nobody can hear them."""

import pytest
from celery import current_app
from django.db import transaction

from registry import bells


@pytest.fixture
def rung(tmp_path):
    """The names of the tasks asked for, read from a broker of our own in files."""
    folder = str(tmp_path)
    options = dict(current_app.conf.broker_transport_options)
    url = current_app.conf.broker_url
    current_app.conf.broker_url = "filesystem://"
    current_app.conf.broker_transport_options = {
        "data_folder_in": folder,
        "data_folder_out": folder,
        "control_folder": f"{folder}/control",
    }
    yield lambda: [
        name
        for message in tmp_path.glob("*.msg")
        for name in ("deliver_reminders", "make_letters")
        if f"registry.tasks.{name}" in message.read_text()
    ]
    current_app.conf.broker_url = url
    current_app.conf.broker_transport_options = options


@pytest.mark.django_db(transaction=True)
def test_a_bell_rings_after_the_commit_and_not_before(rung):
    with transaction.atomic():
        bells.ring("deliver_reminders")
        assert rung() == []
    assert rung() == ["deliver_reminders"]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_undone_rings_no_bell(rung):
    with transaction.atomic():
        bells.ring("deliver_reminders")
        transaction.set_rollback(True)
    assert rung() == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_breaks_nothing_and_is_noted(rung, caplog):
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    current_app.conf.broker_transport_options = {}
    bells.ring("deliver_reminders")
    assert "the bell for registry.tasks.deliver_reminders did not ring" in caplog.text
