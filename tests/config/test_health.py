"""The health page says whether the machinery runs, and nothing about any matter."""

from datetime import timedelta

from django.utils import timezone

from registry.models import SweepRun


def test_a_running_installation_is_healthy_for_anybody(client, db):
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "broker": "ok",
        "sweeps": "late",
        "last_sweep": None,
    }


def test_a_recent_sweep_shows(client, db):
    now = timezone.now()
    SweepRun.objects.create(name="deliver", started_at=now, finished_at=now)
    assert client.get("/health/").json()["sweeps"] == "ok"


def test_a_sweep_of_long_ago_is_late(client, db):
    then = timezone.now() - timedelta(hours=1)
    SweepRun.objects.create(name="deliver", started_at=then, finished_at=then)
    assert client.get("/health/").json()["sweeps"] == "late"


def test_a_lost_broker_makes_it_unhealthy(client, db, settings, tmp_path):
    settings.BROKER_DIR = tmp_path / "gone"
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["broker"] == "failing"


def test_it_is_never_cached_and_never_written_to(client, db):
    assert "no-store" in client.get("/health/")["Cache-Control"]
    assert client.post("/health/").status_code == 405
