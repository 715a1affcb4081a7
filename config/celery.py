"""The Celery application: worker and scheduler read everything from Django's settings."""

import os
import warnings
from typing import Any

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import beat_init, celeryd_init, setup_logging
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import embedded_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

embedded_broker.use_it()
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def start_only_when_secure(**kwargs: Any) -> None:
    """Celery swallows what its signals raise, except the wish to exit."""
    from config.checks import refuse_to_start

    try:
        refuse_to_start()
    except ImproperlyConfigured as fault:
        raise SystemExit(str(fault)) from None
    if not settings.PRODUCTION:
        # Whoever tries the product as root knows it; a ministry's worker still warns.
        warnings.filterwarnings("ignore", category=SecurityWarning)


@setup_logging.connect
def log_as_django_does(**kwargs: Any) -> None:
    """Being connected is enough: Celery then leaves logging to Django's settings."""
