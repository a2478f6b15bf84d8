"""Writes JSON so that the same answer is the same bytes, fresh or read back from the database."""

import json
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder


class StableJSON(JSONRenderer):
    """JSON in UTF-8 with its keys in alphabetical order: a database does not keep any other."""

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        """Return the bytes of the answer; none for an answer without contents."""
        if data is None:
            return b""
        text = json.dumps(
            data, cls=JSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return text.encode()
