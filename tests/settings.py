"""The product's settings as the tests use them: a throw-away place for files, a fast password hash.

The database is the one ``DATABASE_URL`` names (SQLite in memory without it), so that the same suite
runs on both engines; ``make test`` sets it for the second run.
"""

import atexit
import os
import shutil
import tempfile

_place = tempfile.mkdtemp(prefix="mla-tests-")
atexit.register(shutil.rmtree, _place, ignore_errors=True)
os.environ["VAR_DIR"] = _place
os.environ["MODE"] = "demonstration"
os.environ.pop("REDIS_URL", None)
os.environ.pop("EMAIL_URL", None)

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = False
