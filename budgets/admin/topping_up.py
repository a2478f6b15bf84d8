"""Topping up what was chosen in the list, or one budget: the amount, why, and all or none."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from budgets import top_ups
from budgets.admin.chosen import address_of
from budgets.admin.columns import title
from budgets.admin.movement import MovementForm
from budgets.errors import InvalidMovement, NotToppedUp, RequestConflict
from budgets.models import Budget
from employees.admin.amounts import AmountField
from employees.admin.base import actor
from employees.money import format_money

TOP_UP = "admin:budgets_budget_top_up"


class TopUpForm(MovementForm):
    """How much, and why."""

    reason_help = "Kept in the ledger with your name. Whoever's month it is reads it."
    field_order = ("amount",)
    amount = AmountField(label="How much", error_messages={"required": "Write how much."})

    def __init__(self, data: Any, *, currency: str, several: bool) -> None:
        super().__init__(data)
        self.currency = currency
        amount = self.fields["amount"]
        if isinstance(amount, AmountField):
            amount.in_currency(currency)
        if several:
            amount.label = "How much for each"

    def clean_amount(self) -> Decimal:
        """Refuse what the ledger would refuse."""
        try:
            return top_ups.checked_amount(self.cleaned_data["amount"], self.currency)
        except InvalidMovement as error:
            raise ValidationError(error.errors["amount"]) from error

    def show(self, refusal: NotToppedUp) -> None:
        """Say at each field, or above all of them, what was refused, and for whom."""
        for budget, error in refusal.refused:
            fields = error.errors if isinstance(error, InvalidMovement) else {"": [str(error)]}
            for field, words in fields.items():
                self.add_error(field or None, [f"{title(budget)}: {each}" for each in words])


def top_up_view(
    admin: Any, request: HttpRequest, budgets: Sequence[Budget], back: str
) -> HttpResponse:
    """Ask how much and why, then top up each of them."""
    me, now = actor(request), timezone.now()
    refused = [(b, str(why)) for b in budgets if (why := top_ups.why_not(b, actor=me, at=now))]
    currency = budgets[0].division.currency
    form = TopUpForm(request.POST or None, currency=currency, several=len(budgets) > 1)
    if request.method == "POST" and not refused and form.is_valid():
        told = form.cleaned_data
        try:
            top_ups.top_up_each(budgets, **told, actor=me, at=now)
        except NotToppedUp as refusal:
            form.show(refusal)
        except RequestConflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _done(budgets, format_money(told["amount"], currency)))
            return HttpResponseRedirect(back)
    out = {budget.pk for budget, _ in refused}
    others = [budget.pk for budget in budgets if budget.pk not in out]
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Top up {_named(budgets)}",
        "budgets": [(budget, title(budget)) for budget in budgets],
        "refused": [(title(budget), why) for budget, why in refused],
        "others": others,
        "without": address_of(TOP_UP, others, admin.get_preserved_filters(request)),
        "kinds": {budget.kind for budget in budgets},
        "currency": currency,
        "form": form,
        "back": back,
        "opts": admin.opts,
    }
    return TemplateResponse(request, "admin/budgets/top_up.html", context)


def _done(budgets: Sequence[Budget], amount: str) -> str:
    each = " each" if len(budgets) > 1 else ""
    return f"Topped up {_named(budgets)} by {amount}{each}."


def _named(budgets: Sequence[Budget]) -> str:
    """The one by its name, several by their number."""
    if len(budgets) == 1:
        return title(budgets[0])
    kinds = {budget.kind for budget in budgets}
    words = {frozenset({"month"}): "months", frozenset({"fund"}): "funds"}
    return f"{len(budgets)} {words.get(frozenset(kinds), 'budgets')}"
