"""`Idempotency-Key`: the request's own name, so that sending it again has no second effect."""

import re
from uuid import UUID, uuid5

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

HEADER = "Idempotency-Key"
LONGEST = 200
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_OTHER_KEYS = UUID("5f1c6c0e-3f60-4b1e-9d7b-0a0c5c1ee7a4")

KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    OpenApiParameter.HEADER,
    required=True,
    description=(
        "A new one for each thing you want done, such as a random UUID; the same one when you "
        "send the request again. A repeat gets the first answer; the same key with other contents "
        "gets `idempotency-conflict`. Any printable ASCII, at most 200 characters. Your keys are "
        "yours: a colleague's are others."
    ),
)


def request_id_of(request: Request) -> UUID:
    """Return the request's id: the key if it is a UUID, or one made from it.

    Raises ValidationError without a key, as money moves.
    """
    key = request.headers.get(HEADER, "").strip()
    if len(key) > 1 and key[0] == key[-1] == '"':  # as the draft standard writes it
        key = key[1:-1]
    if not key or len(key) > LONGEST or not (key.isascii() and key.isprintable()):
        message = (
            "Send this header: a new key for each thing you want done, such as a random UUID, and "
            f"the same one when you send it again. Printable ASCII, at most {LONGEST} characters."
        )
        raise ValidationError({HEADER: [message]})
    return UUID(key) if _UUID.fullmatch(key) else uuid5(_OTHER_KEYS, key)
