"""The product's settings, with a mailbox that also counts how often something was sent to it."""

from config.settings import *  # noqa: F403
from config.settings import VAR_DIR

EMAIL_BACKEND = "tests.registry.counting_mailbox.CountingMailbox"
SENDINGS = VAR_DIR / "sendings.log"
SENDINGS.touch()
