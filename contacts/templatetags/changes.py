"""The point in time from which a page on screen asks for changes."""

from django import template

from contacts.models import TimelineEntry

register = template.Library()


@register.simple_tag
def last_change() -> int:
    """The newest timeline entry's key, 0 before the first. Asked before the rows, it misses no change."""
    newest = TimelineEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
