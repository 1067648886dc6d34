"""4 Mar 2026, 09:05: no reader takes the day for the month."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
