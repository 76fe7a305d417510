"""Searching for secrets everywhere they could have got to."""

import base64
import binascii
import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import redis
from django.apps import apps
from django.test import Client

from dibt.environment import cache_url_of

# A secret that was cut short is still most of a secret.
TELLING = 12
BEFORE = 150
LINK = re.compile(r"""(?:href|hx-get|src)="(/[^"#]*)""")
LEFT_OUT = ("/static/", "/accounts/", "/i18n/")
BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
MOST_PAGES = 250


class Sweep:
    """What was found where, to be searched for secrets at the end."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = defaultdict(list)

    def add(self, place: str, text: str) -> None:
        self._texts[place].append(text)

    def text(self, place: str) -> str:
        return "\n".join(self._texts[place])

    def leaks(self, secrets: Mapping[str, str]) -> list[str]:
        """Where these secrets, whole or but for their end, are: each once per place, with the words before it."""
        found = []
        for place in self._texts:
            text = self.text(place)
            for name, value in secrets.items():
                if (at := text.find(value[:TELLING])) >= 0:
                    found.append(f"{name} in {place}: {text[max(at - BEFORE, 0) : at]!r}")
        return found


def database() -> str:
    """Every value of every row."""
    return "\n".join(repr(row) for model in apps.get_models() for row in model._default_manager.values_list())


def files(folder: Path) -> str:
    """The content of every file below a folder."""
    return "\n".join(
        path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.rglob("*")) if path.is_file()
    )


def pages(client: Client, starts: Iterable[str]) -> dict[str, str]:
    """Every page that can be reached by links from these, headers included, for whom the client is signed in as."""
    found: dict[str, str] = {}
    ahead = list(starts)
    while ahead:
        assert len(found) < MOST_PAGES, "Some pages have addresses without end"
        url = ahead.pop(0)
        if url in found or url.startswith(LEFT_OUT):
            continue
        answer = client.get(url)
        content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
        found[url] = f"{answer.headers.items()}\n{content.decode('utf-8', 'replace')}"
        ahead += [link.replace("&amp;", "&") for link in LINK.findall(found[url])]
    return found


@contextmanager
def messages(redis_url: str, into: Sweep, place: str) -> Iterator[None]:
    """Everything that anybody sends to that server meanwhile; Celery's messages are in base64."""
    server = redis.Redis.from_url(cache_url_of(redis_url), socket_timeout=None)  # it may be silent for long
    began, ended = threading.Event(), threading.Event()

    def listen() -> None:
        with server.monitor() as monitor:
            began.set()
            while not ended.is_set():
                command = str(monitor.next_command()["command"])
                into.add(place, "\n".join([command, *decoded(command)]))

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    began.wait()
    try:
        yield
    finally:
        ended.set()
        server.ping()  # which is heard, and so ends the waiting for the next command
        listener.join()
        server.close()


def decoded(text: str) -> Iterator[str]:
    """Whatever in a text is base64 of something readable."""
    for found in BASE64.findall(text):
        try:
            yield base64.b64decode(found, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
