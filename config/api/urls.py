"""The addresses under /api/."""

from django.urls import include, path, re_path

from budgets.api.budgets import Budgets, Entries, OneBudget
from config.api.me import Me
from config.api.pages import Docs, Nowhere, ProblemTypes, Schema
from employees.api.tokens import Tokens
from policies.api import Policies
from reports.api.closes import Closes, Journal, NextClose, OneClose
from reports.api.exports import EXPORTS, Exports
from resolutions.api.authority import Authority, AuthorityInCase
from resolutions.api.cases import Cases, OneCase
from resolutions.api.steps import Close, Contacts, GiveBack, HandOver, Resolutions

version_1 = [
    path("tokens/", Tokens.as_view(), name="tokens"),
    path("me/", Me.as_view(), name="me"),
    path("policies/", Policies.as_view(), name="policies"),
    path("authority/", Authority.as_view(), name="authority"),
    path("cases/", Cases.as_view(), name="cases"),
    path("cases/<int:case_id>/", OneCase.as_view(), name="case"),
    path("cases/<int:case_id>/authority/", AuthorityInCase.as_view(), name="authority-in-case"),
    path("cases/<int:case_id>/resolutions/", Resolutions.as_view(), name="resolutions"),
    path(
        "cases/<int:case_id>/resolutions/<int:resolution_id>/give-back/",
        GiveBack.as_view(),
        name="give-back",
    ),
    path("cases/<int:case_id>/close/", Close.as_view(), name="close"),
    path("cases/<int:case_id>/hand-over/", HandOver.as_view(), name="hand-over"),
    path("cases/<int:case_id>/contacts/", Contacts.as_view(), name="contacts"),
    path("budgets/", Budgets.as_view(), name="budgets"),
    path("budgets/<int:budget_id>/", OneBudget.as_view(), name="budget"),
    path("budgets/<int:budget_id>/entries/", Entries.as_view(), name="entries"),
    path("exports/", Exports.as_view(), name="exports"),
    *(
        path(f"exports/{name}/", view.as_view(), name=f"export-{name}")
        for name, view in EXPORTS.items()
    ),
    path("closes/", Closes.as_view(), name="closes"),
    path("closes/next/<slug:division>/", NextClose.as_view(), name="next-close"),
    path("closes/<int:close_id>/", OneClose.as_view(), name="one-close"),
    path("closes/<int:close_id>/journal/", Journal.as_view(), name="journal"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
]

app_name = "api"
urlpatterns = [
    path("v1/", include(version_1)),
    path("problems/", ProblemTypes.as_view(), name="problem-types"),
    path("problems/<slug:code>", ProblemTypes.as_view(), name="problem-type"),
    re_path(r"", Nowhere.as_view(), name="nowhere"),
]
