"""What pages say about roles and waiting."""

from datetime import timedelta

from django import template
from django.http import HttpRequest

from deskscim.agents.roles import Role, allows

register = template.Library()


@register.simple_tag
def roles_that_may(request: HttpRequest, exception: str) -> list[str]:
    """The roles (R48) that hold what this page asks for; [] when the refusal names no permission.

    The permission is the message of the PermissionDenied, else the one that the view declares.
    """
    view = getattr(getattr(request.resolver_match, "func", None), "view_class", None)
    permission = exception or getattr(view, "permission_required", "")
    return [str(role.label) for role in Role if permission and allows(role, permission)]


@register.filter
def minutes(time: timedelta) -> int:
    """Whole minutes, at least one."""
    return max(1, round(time.total_seconds() / 60))
