"""A cache that can be missing: what it holds only saves work or counts requests."""

import logging
from time import monotonic
from typing import Any, ClassVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

_PAUSE = 5.0  # seconds


class ForgivingClient(RedisCacheClient):
    """Answers like an empty cache while Redis is away, and tries it again every few seconds.

    Without this, a Redis that stops would stop the agents: throttling asks the cache at each
    request to the API.
    """

    _away_until: ClassVar[float] = 0.0

    def __init__(self, servers: list[str], **options: Any) -> None:
        once = Retry(NoBackoff(), 0)
        timeouts = {"socket_connect_timeout": 1, "socket_timeout": 1}
        super().__init__(servers, **{"retry": once, **timeouts, **options})

    def _ask(self, method: str, *args: Any, otherwise: Any) -> Any:
        if monotonic() < ForgivingClient._away_until:
            return otherwise
        try:
            return getattr(super(), method)(*args)
        except (RedisError, OSError) as error:
            ForgivingClient._away_until = monotonic() + _PAUSE
            logger.warning("Redis is away, going on without a cache: %s", error)
            return otherwise

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        """Set a value unless there is one; an absent cache takes everything and keeps nothing."""
        return bool(self._ask("add", key, value, timeout, otherwise=True))

    def get(self, key: Any, default: Any) -> Any:
        """Return the value, or the default."""
        return self._ask("get", key, default, otherwise=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        """Keep a value for a number of seconds."""
        self._ask("set", key, value, timeout, otherwise=None)

    def touch(self, key: Any, timeout: Any) -> bool:
        """Keep a value for longer."""
        return bool(self._ask("touch", key, timeout, otherwise=False))

    def delete(self, key: Any) -> bool:
        """Forget a value."""
        return bool(self._ask("delete", key, otherwise=False))

    def get_many(self, keys: Any) -> dict[Any, Any]:
        """Return what there is of these."""
        found: dict[Any, Any] = self._ask("get_many", keys, otherwise={})
        return found

    def has_key(self, key: Any) -> bool:
        """Return whether there is a value."""
        return bool(self._ask("has_key", key, otherwise=False))

    def incr(self, key: Any, delta: int) -> int:
        """Count up. Raises ValueError where there is nothing to count from, as Django asks."""
        counted: int | None = self._ask("incr", key, delta, otherwise=None)
        if counted is None:
            raise ValueError(f"Key '{key}' not found")
        return counted

    def set_many(self, data: Any, timeout: Any) -> None:
        """Keep several values."""
        self._ask("set_many", data, timeout, otherwise=None)

    def delete_many(self, keys: Any) -> None:
        """Forget several values."""
        self._ask("delete_many", keys, otherwise=None)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, through the forgiving client."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient
