"""An export on its way out. However it ends, its connection is given back and the log knows how."""

import logging
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from typing import Self

from django.db import DatabaseError
from django.utils import timezone

from reports.models import ExportRun, Outcome

log = logging.getLogger(__name__)


class Stream:
    """The pieces of a file. Whoever sends them closes it, also when nobody listens any more.

    Where something goes wrong in the middle, the last piece is the `apology`; without one the error
    is raised again, so that the file lacks its end.
    """

    def __init__(
        self, pieces: Iterator[bytes], *, run: ExportRun, opened: ExitStack, apology: bytes
    ) -> None:
        self._pieces, self._opened, self._apology = pieces, opened, apology
        self._run = run

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._has_ended:
            raise StopIteration
        try:
            return next(self._pieces)
        except StopIteration:
            self._end(Outcome.WHOLE)
            raise
        except Exception:
            log.exception("Export %s broke off after %s rows.", self._run.pk, self._run.rows)
            self._end(Outcome.BROKEN_OFF)
            if not self._apology:
                raise
            return self._apology

    def close(self) -> None:
        """Stop, wherever it is: the database stops reading at once."""
        if not self._has_ended:
            self._end(Outcome.BROKEN_OFF)

    @property
    def _has_ended(self) -> bool:
        return self._run.outcome != Outcome.RUNNING

    def _end(self, outcome: Outcome) -> None:
        self._run.outcome, self._run.ended_at = outcome, timezone.now()
        try:
            if isinstance(self._pieces, Generator):
                self._pieces.close()
        finally:
            self._opened.close()
        try:
            self._run.save(update_fields=["outcome", "ended_at", "rows"])
        except DatabaseError:
            log.exception("The log does not know how export %s ended.", self._run.pk)
