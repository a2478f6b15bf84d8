"""Finance's pages: what is exported, and the tokens that machines export with."""

from django.urls import path

from reports.views.exports import exports, pull_export
from reports.views.tokens import machine_tokens, revoke

urlpatterns = [
    path("finance/", exports, name="exports"),
    path("finance/exports/<str:export>/", pull_export, name="pull-export"),
    path("finance/tokens/", machine_tokens, name="machine-tokens"),
    path("finance/tokens/<int:pk>/revoke/", revoke, name="revoke-token"),
]
