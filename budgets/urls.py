"""One's own money."""

from datetime import date

from django.urls import path, register_converter

from budgets.days import read_month
from budgets.views import my_month


class _Month:
    """A month in an address: 2026-11. What is none has no page."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, text: str) -> date:
        return read_month(text)

    def to_url(self, month: date) -> str:
        return f"{month:%Y-%m}"


register_converter(_Month, "month")

urlpatterns = [
    path("month/", my_month, name="my-month"),
    path("month/<month:month>/", my_month, name="my-month"),
]
