"""The processes that the site is made of, as they are started on one machine."""

import contextlib
import http.client
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from kombu import Connection
from kombu.transport.redis import Channel

from dibt.management import valkey
from dibt.management.processes import Child


@dataclass(frozen=True)
class Broker:
    """Where tasks wait: its URL, and its process if it is ours."""

    url: str
    child: Child | None


@contextlib.contextmanager
def broker() -> Iterator[Broker]:
    """The broker of REDIS_URL if one is given, else an embedded one. Raises valkey.BrokerError."""
    if settings.REDIS_URL:
        yield Broker(settings.REDIS_URL, None)
        return
    with valkey.embedded(settings.DATA_DIR / "broker") as embedded:
        give_back_unacknowledged(embedded.url)
        yield Broker(embedded.url, embedded.child)


def give_back_unacknowledged(url: str) -> None:
    """Queue again what a killed worker had in hand. Only while no worker runs: it would start twice."""
    with Connection(url, transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS) as connection:
        channel = connection.default_channel
        assert isinstance(channel, Channel), "the embedded broker speaks Redis"
        channel.visibility_timeout = -1
        channel.qos.restore_visible(num=None, interval=1)


def has_own_sandbox() -> bool:
    """Whether the Hub is the sandbox beside this site, and so ours to start."""
    address = urlsplit(settings.SANDBOX_URL)
    return (address.hostname, address.port) == (urlsplit(settings.LOCAL_URL).hostname, settings.PORT + 1)


def web_command(*, host: str, port: int) -> list[str]:
    name = f"[{host}]" if ":" in host else host
    configuration = "python:dibt.management.gunicorn_conf"
    return [
        *(sys.executable, "-m", "gunicorn", "dibt.wsgi:application"),
        *("--config", configuration, "--bind", f"{name}:{port}"),
    ]


def worker_command(data: Path) -> list[str]:
    """One worker for all queues, with beat inside: right only where there is exactly one."""
    queues = {settings.CELERY_TASK_DEFAULT_QUEUE, *(r["queue"] for r in settings.CELERY_TASK_ROUTES.values())}
    return [
        # Tasks are JSON, so what Celery says to root about pickles does not apply.
        *(sys.executable, "-W", "ignore:You're running the worker with superuser", "-m", "celery", "--quiet"),
        *("--app", "dibt.management.worker", "worker", "--beat", "--schedule", str(data / "beat")),
        *("--queues", ",".join(sorted(queues)), "--pool", "threads", "--concurrency", "4"),
        *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
    ]


def sandbox_command(data: Path, *, host: str, port: int, site_url: str) -> list[str]:
    return [
        *(sys.executable, "-m", "dibt.sandbox", "--host", host, "--port", str(port)),
        *("--data", str(data / "sandbox"), "--site", site_url),
    ]


def answers(url: str, *, path: str) -> bool:
    """Whether that address says 200 to a GET of that path, within two seconds."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
