"""Sixteen clients that put cases right over HTTP, as fast as they are answered."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from tests.benchmarks.company import AGENTS, CUSTOMERS, FIRST_AGENT, FIRST_CUSTOMER, token_of

NEW_CUSTOMERS = 5  # one customer in so many is new


@dataclass
class Measured:
    """How many cases were put right in how many seconds, and how long each took."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Cases a second."""
        return len(self.waits) / self.seconds

    def percentile(self, percent: int) -> float:
        """How many milliseconds so many percent of the answers took at most."""
        return sorted(self.waits)[len(self.waits) * percent // 100] * 1000


def case_told(customer: str, order: str) -> dict[str, Any]:
    """Story 1: the late pizza. A free pizza and an expedited reorder."""
    return {
        "reason_code": "late",
        "channel": "doorstep",
        "customer": {"reference": customer, "name": "Kim", "email": ""},
        "order_reference": order,
        "order_value": "23.50",
        "facts": {"minutes_late": "30"},
        "note": "Thirty minutes late, and the wrong toppings.",
        "gives": [{"remedy": "free-pizza", "quantity": 1}, {"remedy": "reorder", "quantity": 1}],
    }


def put_cases_right(url: str, *, clients: int, seconds: float, seed: int) -> Measured:
    """Let the clients work for a while. Raises RuntimeError on any answer but 201."""
    measured = Measured()
    asyncio.run(_together(url, clients, seconds, seed, measured))
    return measured


async def _together(url: str, clients: int, seconds: float, seed: int, measured: Measured) -> None:
    begin = time.perf_counter()
    await asyncio.gather(
        *(_work(url, Random(seed * 1000 + n), begin + seconds, measured) for n in range(clients))
    )
    measured.seconds = time.perf_counter() - begin


async def _work(url: str, random: Random, until: float, measured: Measured) -> None:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        while (sent := time.perf_counter()) < until:
            writer.write(_request(random, address.netloc))
            await _read_answer(reader)
            measured.waits.append(time.perf_counter() - sent)
    finally:
        writer.close()


def _request(random: Random, host: str) -> bytes:
    agent = random.randrange(FIRST_AGENT, FIRST_AGENT + AGENTS)
    known = f"C-{random.randrange(FIRST_CUSTOMER, FIRST_CUSTOMER + CUSTOMERS)}"
    number = random.getrandbits(60)
    customer = known if random.randrange(NEW_CUSTOMERS) else f"N-{number}"
    body = json.dumps(case_told(customer, f"ORD-{number}")).encode()
    head = (
        f"POST /api/v1/cases/ HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Bearer {token_of(agent)}\r\n"
        f"Idempotency-Key: {UUID(int=random.getrandbits(128))}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _read_answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    body = await reader.readexactly(length)
    if not head.startswith(b"http/1.1 201"):
        raise RuntimeError(f"{head.decode()}{body.decode(errors='replace')}")
