"""A proxy in front of PostgreSQL that cuts the connection around the first COMMIT."""

import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from threading import Thread
from typing import Self

from django.db import connection

_COMMIT = b"COMMIT\0"  # as the client asks for it, and as the server says that it is done


class CuttingProxy:
    """Listens on a socket of its own in `folder`, for one client.

    At "before" the client's COMMIT never reaches the server, which rolls back. At "after" it is
    carried out, and the server's word for it never reaches the client.
    """

    def __init__(self, moment: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="leeway-proxy-", dir="/tmp"))
        self.has_cut = False
        self._moment = moment
        self._server = Path(connection.settings_dict["HOST"]) / ".s.PGSQL.5432"
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.folder / self._server.name))
        self._listening.listen()
        self._threads = [Thread(target=self._serve)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join(10)
        rmtree(self.folder)

    def _serve(self) -> None:
        client, _ = self._listening.accept()
        self._listening.close()
        (self.folder / self._server.name).unlink()  # whoever comes back is refused at once
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(self._server))
        back = Thread(target=self._relay, args=(server, client, "after"))
        self._threads.append(back)
        back.start()
        self._relay(client, server, "before")

    def _relay(self, source: socket.socket, target: socket.socket, cuts_at: str) -> None:
        """Pass everything on until either side ends, or until the moment to cut comes."""
        with suppress(OSError):
            while chunk := source.recv(65536):
                if _COMMIT in chunk and cuts_at == self._moment:
                    self.has_cut = True
                    break
                target.sendall(chunk)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
