"""The handbook."""

from django.urls import path

from policies.views import handbook

urlpatterns = [path("handbook/", handbook, name="handbook")]
