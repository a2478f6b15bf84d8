"""The embedded broker: messages between processes of one machine, as files in a folder.

kombu's own `filesystem` transport writes a message under its final name, so that a worker may read
it half-written and stop over it. Here a message appears whole or not at all.
"""

import uuid
from functools import cached_property
from pathlib import Path
from time import time_ns
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """A filesystem channel that lives in one folder and puts messages there in one step."""

    @cached_property
    def folder(self) -> Path:
        """Return the folder of the transport option `folder`, made when it is missing."""
        folder = Path(self.transport_options["folder"])
        (folder / "control").mkdir(parents=True, exist_ok=True)
        (folder / "taken").mkdir(exist_ok=True)
        return folder

    @property
    def data_folder_in(self) -> str:
        """Where messages are read from."""
        return str(self.folder)

    @property
    def data_folder_out(self) -> str:
        """Where messages are put: the same folder, for all processes."""
        return str(self.folder)

    @property
    def control_folder(self) -> Path:
        """Where exchanges remember their queues."""
        return self.folder / "control"

    def _put(  # type: ignore[override]  # kombu's own classes disagree on the names
        self, queue: str, payload: dict[str, Any], **kwargs: Any
    ) -> None:
        name = f"{time_ns()}_{uuid.uuid4()}.{queue}.msg"
        draft = self.folder / f"{name}.draft"
        draft.write_text(dumps(payload))  # type: ignore[no-untyped-call]
        draft.replace(self.folder / name)


class Transport(filesystem.Transport):
    """The transport behind `folder://`."""

    Channel = Channel


TRANSPORT_ALIASES["folder"] = "config.broker:Transport"
