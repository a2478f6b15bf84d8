"""Reports, the lead's sidelines; and finance's exports, closed months and tokens."""

from django.urls import path

from reports.views import closes, monthly
from reports.views.behind import behind
from reports.views.exports import exports, pull_export
from reports.views.report import report, report_table
from reports.views.sidelines import sidelines
from reports.views.tokens import machine_tokens, revoke

urlpatterns = [
    path("reports/", report, name="reports"),
    path("reports/behind/<slug:what>/", behind, name="report-behind"),
    path("reports/tables/<slug:table>.csv", report_table, name="report-table"),
    path("sidelines/", sidelines, name="sidelines"),
    path("finance/", exports, name="exports"),
    path("finance/exports/<str:export>/", pull_export, name="pull-export"),
    path("finance/months/", closes.months, name="months"),
    path("finance/months/next/<slug:division>/", closes.month_to_close, name="month-to-close"),
    path("finance/months/<int:close_id>/", closes.month_close, name="month-close"),
    path("finance/months/<int:close_id>/journal/", closes.month_journal, name="month-journal"),
    path("reports/monthly/", monthly.monthly_reports, name="monthly-reports"),
    path(
        "reports/monthly/<slug:division>/<str:month>/",
        monthly.monthly_report,
        name="monthly-report",
    ),
    path("reports/mails/", monthly.report_wishes, name="report-wishes"),
    path(
        "reports/mails/<str:link>/",
        monthly.report_wishes_from_mail,
        name="report-wishes-from-mail",
    ),
    path("finance/tokens/", machine_tokens, name="machine-tokens"),
    path("finance/tokens/<int:pk>/revoke/", revoke, name="revoke-token"),
]
