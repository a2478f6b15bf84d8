"""The handbook."""

from django.urls import path

from policies.views import handbook, read_rule

urlpatterns = [
    path("handbook/", handbook, name="handbook"),
    path("handbook/rules/<int:pk>/read/", read_rule, name="read-rule"),
]
