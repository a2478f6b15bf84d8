"""The folder for what Leeway keeps on this machine: `var/`, or wherever LEEWAY_DATA_DIR says.

It holds the embedded database, the kept secret key, collected static files, the embedded broker's
messages and unsent mail. Plain standard library: `manage.py` reads it before anything is installed.
"""

import os
import secrets
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


class DataDirUnusable(Exception):
    """The data folder can't be made or written; the message is one plain line for a person."""


def data_dir() -> Path:
    """Return the data folder as an absolute path; it need not exist yet."""
    return Path(os.environ.get("LEEWAY_DATA_DIR") or BASE_DIR / "var").expanduser().absolute()


def prepare(folder: Path) -> None:
    """Make the folder and try that it can be written.

    Raises DataDirUnusable.
    """
    probe = folder / f".write-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DataDirUnusable(
            f"The data folder {folder} can't be written ({error.strerror}). "
            "Make it writable, or set LEEWAY_DATA_DIR to a folder that is."
        ) from error


def kept_secret_key(folder: Path) -> str:
    """Return the key kept in the folder, made on first use and readable by its owner only.

    Two processes that start together end up with the same key: the file appears whole (by a hard
    link, which fails when another was first) or not at all.
    """
    path = folder / "secret_key"
    if not path.exists():
        prepare(folder)
        draft = folder / f".secret_key-{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
