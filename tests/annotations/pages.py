"""Reading what the workspace shows."""

import re

from django.test import Client

WORK = re.compile(r'<div id="work"[^>]*data-record="(\d+)"')


def on_screen(client: Client, url: str) -> int:
    """The record on the page that is opened there; others lie ready behind it."""
    found = WORK.search(client.get(url).content.decode())
    assert found, "no record is on the page"
    return int(found[1])
