"""The tests' settings, with what a test of the jobs turns by the environment; see `programs.py`."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import CELERY_BEAT_SCHEDULE, CELERY_BROKER_TRANSPORT_OPTIONS

if _seconds := os.environ.get("LEEWAY_TEST_VISIBILITY"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        **CELERY_BROKER_TRANSPORT_OPTIONS,
        "visibility_timeout": float(_seconds),
        "unacked_restore_interval": 1,
    }
if _seconds := os.environ.get("LEEWAY_TEST_EVERY"):
    CELERY_BEAT_SCHEDULE = {
        "open-months": {**CELERY_BEAT_SCHEDULE["open-months"], "schedule": float(_seconds)}
    }
if "LEEWAY_TEST_CLOCK" in os.environ:
    CELERY_BEAT_MAX_LOOP_INTERVAL = 0.02  # real seconds, until it looks at the clock again
