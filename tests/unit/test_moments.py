"""How long ago something was, in words."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from deskscim.agents.templatetags.moments import ago


@pytest.mark.parametrize(
    ("since", "english", "german"),
    [
        (timedelta(seconds=-5), "just now", "gerade eben"),  # the clocks of two servers differ
        (timedelta(seconds=59), "just now", "gerade eben"),
        (timedelta(seconds=61), "1 minute ago", "vor 1 Minute"),
        (timedelta(minutes=59), "59 minutes ago", "vor 59 Minuten"),
        (timedelta(hours=1), "1 hour ago", "vor 1 Stunde"),
        (timedelta(days=2), "2 days ago", "vor 2 Tagen"),
        (timedelta(days=15), "2 weeks ago", "vor 2 Wochen"),
        (timedelta(days=70), "2 months ago", "vor 2 Monaten"),
        (timedelta(days=800), "2 years ago", "vor 2 Jahren"),
    ],
)
def test_one_unit_tells_it(since: timedelta, english: str, german: str) -> None:
    at = timezone.now() - since

    with translation.override("en"):
        assert ago(at) == english
    with translation.override("de"):
        assert ago(at) == german
