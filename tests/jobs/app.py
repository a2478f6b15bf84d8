"""The program's Celery app, started by tests with what they turn in it; see `programs.py`."""

import os
from pathlib import Path

from celery import signals

from config.celery import app
from tests.jobs import moved_clock

__all__ = ["app"]

_CLOCK = os.environ.get("LEEWAY_TEST_CLOCK")
_CHUNK = os.environ.get("LEEWAY_TEST_CHUNK")
_PICTURES = os.environ.get("LEEWAY_TEST_PICTURES")


def set_up_process(**_: object) -> None:
    """For each process that carries out tasks: they are forked from the worker's own."""
    if _CLOCK:
        moved_clock.follow(Path(_CLOCK))
    if _CHUNK:
        from budgets import open_many
        from resolutions.trying import runner

        open_many.CHUNK = runner.BATCH = int(_CHUNK)
        open_many.LASTS = 0
    if _PICTURES == "small":
        from reports.charts import png

        png.drawn = lambda chart: png.Picture(b"\x89PNG", 1, 1)


signals.worker_process_init.connect(set_up_process)
if _CLOCK:
    moved_clock.follow(Path(_CLOCK))
