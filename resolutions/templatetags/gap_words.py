"""Gaps as people read them."""

from django import template

from resolutions.gap_words import asked_words, what_stopped

register = template.Library()
register.filter("asked", asked_words)
register.filter("stopped", what_stopped)
