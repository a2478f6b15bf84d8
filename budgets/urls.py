"""One's own money."""

from django.urls import path

from budgets.views import my_month

urlpatterns = [path("month/", my_month, name="my-month")]
