"""Processes that spend from random people's months while something else goes on."""

import argparse
import multiprocessing
import random
import statistics
import time
from decimal import Decimal
from types import TracebackType
from typing import Any, Self
from uuid import uuid4


class Spenders:
    """Processes that spend from random people's months, and remember how long each time took."""

    def __init__(self, database: str, options: argparse.Namespace) -> None:
        context = multiprocessing.get_context("spawn")
        self._over = context.Event()
        self._told: Any = context.Queue()
        self._processes = [
            context.Process(
                target=_spend, args=(number, database, options.employees, self._over, self._told)
            )
            for number in range(options.clients)
        ]
        self.took: list[float] = []

    def __enter__(self) -> Self:
        for process in self._processes:
            process.start()
        for _ in self._processes:
            self._told.get()  # it is ready
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        for _ in self._processes:
            self.took += self._told.get()
        for process in self._processes:
            process.join()

    @property
    def summary(self) -> str:
        """How many, and how long they took."""
        cuts = statistics.quantiles(self.took, n=1000)
        return (
            f"{len(self.took)} times, median {cuts[499] * 1000:.1f} ms, 99.9 % within "
            f"{cuts[998] * 1000:.1f} ms, the slowest {max(self.took) * 1000:.1f} ms"
        )


def _spend(number: int, database: str, employees: int, over: Any, told: Any) -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    from budgets import ledger, months
    from employees.models import Employee
    from tests.benchmarks.months import AT

    connection.settings_dict["NAME"] = database
    random.seed(number)
    first = Employee.objects.order_by("pk").values_list("pk", flat=True)[0]
    took: list[float] = []
    told.put("ready")
    while not over.is_set():
        pk = first + random.randrange(employees)
        employee = Employee.objects.with_authority().filter(pk=pk).first()
        if employee is None:
            continue
        began = time.perf_counter()
        with transaction.atomic():
            month = months.open_month(employee, at=AT)
            ledger.spend(
                month,
                cost=Decimal("0.01"),
                actor=employee,
                request_id=uuid4(),
                at=AT,
            )
        took.append(time.perf_counter() - began)
        time.sleep(0.002)
    told.put(took)
