"""What static files hold, wherever they lie: beside the code, or collected for production."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage


def text_of(name: str) -> str:
    """The text of a file, named as for {% static %}."""
    path = finders.find(name) or staticfiles_storage.path(name)
    return Path(str(path)).read_text(encoding="utf-8")
