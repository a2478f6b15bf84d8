"""How the processes of a run share the tests: all of them on each database, a file at a time.

pytest-xdist can run everything in each process, or everything once. This is both: the processes of
one database share its tests, whoever is free takes the next file, and each database has them all.
"""

from collections.abc import Iterable, Sequence

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

DATABASES = ("sqlite", "postgres")
PROCESSES = 2  # for each database: many tests wait for servers and browsers


def processes() -> Iterable[tuple[str, int]]:
    """The database of each process, and its number among those of that database."""
    return ((db, number) for db in DATABASES for number in range(PROCESSES))


class OnEachDatabase:
    """A scheduler for pytest-xdist. A process is called after its database: “sqlite-0”."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        self._of = {db: LoadFileScheduling(config, log) for db in DATABASES}
        for scheduler in self._of.values():
            scheduler.numnodes = PROCESSES

    @property
    def nodes(self) -> list[WorkerController]:
        """The processes at work."""
        return [node for scheduler in self._of.values() for node in scheduler.nodes]

    @property
    def collection_is_completed(self) -> bool:
        """Whether every process has found its tests."""
        return all(scheduler.collection_is_completed for scheduler in self._of.values())

    @property
    def tests_finished(self) -> bool:
        """Whether no process has more to do than what it does now."""
        return all(scheduler.tests_finished for scheduler in self._of.values())

    @property
    def has_pending(self) -> bool:
        """Whether there are tests that have not ended."""
        return any(scheduler.has_pending for scheduler in self._of.values())

    def add_node(self, node: WorkerController) -> None:
        """A process has started."""
        self._its(node).add_node(node)

    def remove_node(self, node: WorkerController) -> str | None:
        """A process has ended; gives the test that it died in, if it did."""
        died_in: str | None = self._its(node).remove_node(node)
        return died_in

    def add_node_collection(self, node: WorkerController, collection: Sequence[str]) -> None:
        """A process has found these tests."""
        self._its(node).add_node_collection(node, collection)

    def mark_test_complete(
        self, node: WorkerController, item_index: int, duration: float = 0
    ) -> None:
        """A process has ended a test."""
        self._its(node).mark_test_complete(node, item_index, duration)

    def mark_test_pending(self, item: str) -> None:
        """Never asked for: files are not taken back."""
        raise NotImplementedError

    def remove_pending_tests_from_node(
        self, node: WorkerController, indices: Sequence[int]
    ) -> None:
        """Never asked for, either."""
        raise NotImplementedError

    def schedule(self) -> None:
        """Begin."""
        for scheduler in self._of.values():
            scheduler.schedule()

    def _its(self, node: WorkerController) -> LoadFileScheduling:
        return self._of[node.gateway.id.partition("-")[0]]
