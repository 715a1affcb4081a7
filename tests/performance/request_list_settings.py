"""The product's settings, with the bare view beside the product's addresses and no limit of calls."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.performance.request_list_urls"
API_CALLS_PER_MINUTE = 10_000_000
