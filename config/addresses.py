"""Where `manage.py up` can be reached: whether the port is free, and under which names."""

import errno
import socket
from contextlib import closing

_LAST_PORT = 65535
_EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104  (compared with, not bound to)


class AddressUnusable(Exception):
    """Nothing can listen there; the message is one plain line for a person."""


def check_free(host: str, port: int) -> None:
    """Try to listen on the address. Raises AddressUnusable."""
    if not 0 < port <= _LAST_PORT:
        raise AddressUnusable(f"A port is a number from 1 to {_LAST_PORT}, not {port}.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise AddressUnusable(f"There is no address {host} on this machine.") from error
    with closing(socket.socket(family, kind)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
            trial.listen()
        except OSError as error:
            raise AddressUnusable(_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} is in use by another program. "
                f"Stop that one, or choose another: manage.py up --port {port + 1}"
            )
        case errno.EACCES:
            return f"Port {port} is only for the administrator. Choose one above 1023."
        case _:
            return f"Leeway can't listen on {host}:{port} ({error.strerror})."


def answers(host: str, port: int) -> bool:
    """Return whether something listens on the address now."""
    try:
        with closing(socket.create_connection((reachable_name(host), port), timeout=1)):
            return True
    except OSError:
        return False


def reachable_name(host: str) -> str:
    """Return a name under which this machine reaches the host it listens on."""
    return "localhost" if host in _EVERYWHERE | {"127.0.0.1", "::1"} else host


def names(host: str) -> list[str]:
    """Return the names by which browsers will call a program that listens on this host."""
    local = ["localhost", "127.0.0.1", "[::1]"]
    if host not in _EVERYWHERE:
        return [*local, f"[{host}]" if ":" in host else host]
    name = socket.gethostname()
    return [*local, name, f"{name}.local", *_own_addresses()]


def _own_addresses() -> list[str]:
    """Return this machine's address in the local network, if it is in one.

    Connecting a datagram socket sends nothing; it only asks which way a packet would leave.
    """
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return []
        return [str(probe.getsockname()[0])]
