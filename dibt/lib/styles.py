"""The site's style sheets as one file: nothing is seen before all of them are there, and each costs a round trip."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from django.urls import reverse

from dibt.lib.static_files import text_of

# In this order: later ones build upon earlier ones.
SHEETS = ("tokens", "base", "layout", "components", "forms", "pages", "workspace")


@dataclass(frozen=True)
class Styles:
    """`version` is another one for another text."""

    text: str
    version: str

    @property
    def url(self) -> str:
        return reverse("styles", args=[self.version])


@cache
def styles() -> Styles:
    text = "\n".join(text_of(f"dibt/css/{name}.css") for name in SHEETS)
    return Styles(text, sha256(text.encode()).hexdigest()[:12])
