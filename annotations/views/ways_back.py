"""Back to where somebody came from to look at one of their answers."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest) -> str:
    """The path in `next`, if it is one of this site; else the list of own answers."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    here = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if here else reverse("mine:list")
