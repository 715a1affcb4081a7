"""Production mode refuses to start while something is insecure."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as active
from django.core.exceptions import ImproperlyConfigured

from config import checks

SECURE = {
    "PRODUCTION": True,
    "MODE": "production",
    "SECRET_KEY": "k3y-of-" + "abcdefghij0123456789" * 3,
    "DEBUG": False,
    "ALLOWED_HOSTS": ["assistance.example.org"],
    "PUBLIC_ADDRESS": "https://assistance.example.org",
    "CSRF_TRUSTED_ORIGINS": ["https://assistance.example.org"],
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "REDIS_URL": "redis://cache.example.org/0",
    "EMAIL_URL": "smtp+tls://mail.example.org",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_HSTS_SECONDS": 3600,
}

INSECURE = [
    ("SECRET_KEY", active.INSECURE_SECRET_KEY, "config.E002"),
    ("SECRET_KEY", "short", "config.E002"),
    ("SECRET_KEY", "ab" * 40, "config.E002"),
    ("DEBUG", True, "config.E003"),
    ("ALLOWED_HOSTS", [], "config.E004"),
    ("ALLOWED_HOSTS", ["*"], "config.E004"),
    ("PUBLIC_ADDRESS", "http://assistance.example.org", "config.E005"),
    ("CSRF_TRUSTED_ORIGINS", ["http://assistance.example.org"], "config.E006"),
    ("DATABASES", {"default": {"ENGINE": "django.db.backends.sqlite3"}}, "config.E007"),
    ("REDIS_URL", "", "config.E008"),
    ("EMAIL_URL", "", "config.E009"),
    ("EMAIL_BACKEND", "registry.demonstration_mailbox.MailboxBackend", "config.E009"),
    ("SESSION_COOKIE_SECURE", False, "config.E010"),
    ("SESSION_COOKIE_HTTPONLY", False, "config.E011"),
    ("SECURE_HSTS_SECONDS", 0, "config.E012"),
]


@pytest.fixture
def secure(monkeypatch):
    """The settings of an installation that may start."""
    for name, value in SECURE.items():
        monkeypatch.setattr(active, name, value)


def test_a_secure_installation_starts(secure):
    assert checks.production_is_secure(None) == []
    checks.refuse_to_start()


@pytest.mark.parametrize(("name", "value", "fault"), INSECURE)
def test_each_insecure_setting_is_named_and_refused(secure, monkeypatch, name, value, fault):
    monkeypatch.setattr(active, name, value)
    assert [message.id for message in checks.production_is_secure(None)] == [fault]
    with pytest.raises(ImproperlyConfigured):
        checks.refuse_to_start()


def test_production_without_a_certificate_is_warned_and_starts(secure):
    assert [message.id for message in checks.letters_are_signed(None)] == ["config.W001"]
    checks.refuse_to_start()


def test_a_certificate_that_cannot_be_read_is_named_and_refused(secure, monkeypatch, tmp_path):
    monkeypatch.setattr(active, "LETTER_SIGNING_CERTIFICATE", str(tmp_path / "none.pem"))
    assert {message.id for message in checks.letters_are_signed(None)} == {"config.E013"}
    with pytest.raises(ImproperlyConfigured, match="LETTER_SIGNING_KEY"):
        checks.refuse_to_start()


def test_a_misspelt_mode_is_refused(monkeypatch):
    monkeypatch.setattr(active, "MODE", "producton")
    assert [message.id for message in checks.mode_is_known(None)] == ["config.E001"]


def test_the_demonstration_may_be_as_it_is():
    assert checks.production_is_secure(None) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "start",
    [
        ["-c", "import config.wsgi"],
        ["-m", "celery", "--app=config", "worker", "--pool=solo"],
        ["-m", "celery", "--app=config", "beat"],
        ["manage.py", "check"],
        ["manage.py", "serve"],
    ],
    ids=["web", "worker", "scheduler", "check", "serve"],
)
def test_an_insecure_production_does_not_start(start, tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "MODE": "production",
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, *start],
        env=environment,
        cwd=active.PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "SECRET_KEY must be set" in done.stdout + done.stderr
