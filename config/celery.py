"""The Celery app: jobs that run by themselves.

The row is the queue: what has to be done is a state in the database. Celery only wakes the work up
and a beat entry sweeps, so that a lost or repeated message changes nothing.
"""

import os

from celery import Celery, signals

from config import broker  # noqa: F401  (makes `folder://` known)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("leeway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def refuse_insecure(**_: object) -> None:
    """Stop a worker or beat whose settings are insecure, before it does anything."""
    from config import checks

    checks.refuse_insecure()


signals.worker_init.connect(refuse_insecure)
signals.beat_init.connect(refuse_insecure)
