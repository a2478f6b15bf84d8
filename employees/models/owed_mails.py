"""A mail that is owed to somebody: the row is the queue. `employees/mail_queue.py` sends it."""

from django.db import models


class OwedMail(models.Model):
    """A mail that is owed until it is sent, and sent once.

    `address` is where it went to; "" until it was sent. `claimed_at` is since when a sender has it
    in hand, and `last_error` why the last attempt failed. Why one is not sent after all is kept in
    the row, too, in words of its kind.
    """

    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    address = models.EmailField(blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ("due_at", "id")
