"""Counts that stop where knowing more would cost more than it is worth."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma

from companies.paging import CAP

register = template.Library()


@register.filter
def capped(number: int) -> str:
    """ "1,000+" for a count that stopped there, else the number itself."""
    return f"{intcomma(CAP)}+" if number > CAP else str(intcomma(number))
