"""Short, and read in one way on either side of the Atlantic: `23 Nov 2026, 16:22`."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
