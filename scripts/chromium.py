"""Where the browser of the browser tests is."""

import os
import shutil

# First the one that has no window to draw: it takes a third less time for the same pages.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium: $CHROME_BIN, else the first known name on PATH, else None."""
    given = os.environ.get("CHROME_BIN")
    if given:
        return shutil.which(given)
    return next((path for name in NAMES if (path := shutil.which(name))), None)
