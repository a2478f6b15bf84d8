"""Cuts what goes out into pieces that are worth sending, and packs them when that is asked for."""

import zlib
from collections.abc import Iterable, Iterator

PIECE = 128 * 1024  # one of a few bytes costs the web server as much work
FIRST_PIECE = 4 * 1024  # so that whoever waits sees at once that something comes
_GZIP = 16 + zlib.MAX_WBITS
_QUICK = 3  # beyond that, a file gets hardly smaller, and PostgreSQL waits for us


def in_pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, in pieces of some 128 KB, the first of them smaller.

    An empty part goes out at once: that something is still being made. What has come before an
    error goes out before it is raised: the log counts it.
    """
    held: list[bytes] = []
    size, enough = 0, FIRST_PIECE
    try:
        for part in parts:
            held.append(part)
            size += len(part)
            if not part:
                yield part
            elif size >= enough:
                whole, held, size, enough = b"".join(held), [], 0, PIECE
                yield whole
    except Exception:
        if held:
            yield b"".join(held)
        raise
    if held:
        yield b"".join(held)


def packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces as gzip packs them. What breaks off lacks its end, as every reader notices."""
    packer = zlib.compressobj(_QUICK, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if ready := packer.compress(piece):
            yield ready
    yield packer.flush()
