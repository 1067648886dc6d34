"""How long ago something was, in the reader's language."""

from datetime import datetime, timedelta

from babel.dates import format_timedelta
from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext

register = template.Library()


@register.filter
def ago(at: datetime) -> str:
    """ "3 minutes ago", in one unit, as static/deskscim/time.js says it while the page stays open."""
    since = timezone.now() - at
    if since < timedelta(minutes=1):
        return gettext("just now")
    return format_timedelta(-since, threshold=1, add_direction=True, locale=get_language() or "en")
