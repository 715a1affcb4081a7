"""The web application as a WSGI callable (served by Granian)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config.checks import refuse_to_start  # noqa: E402  (settings are ready only now)

refuse_to_start()
