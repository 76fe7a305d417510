"""A page's script modules, so that the browser is told of all of them at once and not one behind the other."""

import posixpath
import re
from functools import cache

from django.conf import settings
from django.templatetags.static import static

from dibt.lib.static_files import text_of

_IMPORT = re.compile(r'^(?:import|export)\b[^";]*"(\.[^"]+)";', re.MULTILINE)
_LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')


@cache
def urls(*entries: str, later: bool = False) -> tuple[str, ...]:
    """The addresses of these modules and of all that they import, each once, in the order in which they are met.

    `later`: also of those that they fetch while they run. `entries` are named as for {% static %}. What a module
    imports has the name that is written in it, without the hash that tells versions of a file apart.
    """
    found: dict[str, str] = {}
    for entry in entries:
        found.setdefault(entry, static(entry))
        _follow(entry, found, later=later)
    return tuple(dict.fromkeys(found.values()))


def _follow(name: str, found: dict[str, str], *, later: bool) -> None:
    source = text_of(name)
    for relative in [*_IMPORT.findall(source), *(_LATER.findall(source) if later else ())]:
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), relative))
        if imported not in found:
            found[imported] = f"{settings.STATIC_URL}{imported}"
            _follow(imported, found, later=later)
