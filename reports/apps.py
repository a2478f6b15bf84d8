"""The app's name and settings for Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """What Django needs to know of this app."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"
