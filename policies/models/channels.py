"""Where customers tell of a problem."""

from django.db import models


class Channel(models.TextChoices):
    """Where the customer told of the problem."""

    DOORSTEP = "doorstep", "Doorstep"
    PHONE = "phone", "Phone"
    COUNTER = "counter", "Counter"
    CHAT = "chat", "Chat"
    EMAIL = "email", "E-mail"
    WEB = "web", "Web"
