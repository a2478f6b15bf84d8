"""How many exports run at once in one process: it serves the agents' pages, too."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings

from reports.errors import TooManyExports

_slots = BoundedSemaphore(settings.EXPORTS_AT_ONCE)


@contextmanager
def one_of_few() -> Iterator[None]:
    """Count as one of them until it has ended. Raises TooManyExports."""
    if not _slots.acquire(blocking=False):
        raise TooManyExports
    try:
        yield
    finally:
        _slots.release()
