"""`python -m dibt.sandbox`: run the sandbox until SIGTERM or Ctrl-C.

Every option can come from the environment too: SANDBOX_HOST, SANDBOX_PORT, SANDBOX_DATA, SANDBOX_SITE, SANDBOX_PACE,
SANDBOX_APP_DELAY, SANDBOX_RATE_LIMIT, SANDBOX_RATE_WINDOW, SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET.
"""

import argparse
import math
import os
import signal
import threading
from pathlib import Path

from dibt.sandbox.config import CLIENT_ID, CLIENT_SECRET, Config
from dibt.sandbox.hub import Hub
from dibt.sandbox.server import SandboxHTTPServer


def read_config(arguments: list[str] | None = None) -> Config:
    """What the command line and, behind it, the environment ask for."""
    asked = _parser().parse_args(arguments)
    return Config(
        data_dir=asked.data,
        host=asked.host,
        port=asked.port,
        site=asked.site.rstrip("/"),
        pace=asked.pace,
        app_delay=asked.app_delay,
        rate_limit=asked.rate_limit,
        rate_window=asked.rate_window,
        client_id=asked.client_id,
        client_secret=asked.client_secret,
        redirect_uris=tuple(asked.redirect_uri),
    )


def _parser() -> argparse.ArgumentParser:
    given = os.environ
    parser = argparse.ArgumentParser(
        prog="python -m dibt.sandbox", description="A stand-in for the Hugging Face Hub."
    )
    parser.add_argument("--host", default=given.get("SANDBOX_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=given.get("SANDBOX_PORT", "8001"))
    parser.add_argument(
        "--data", type=Path, default=given.get("SANDBOX_DATA"), required="SANDBOX_DATA" not in given
    )
    parser.add_argument("--site", default=given.get("SANDBOX_SITE", ""), help="origin of the platform")
    for option, kind, default, meaning in NUMBERS:
        variable = "SANDBOX_" + option.upper().replace("-", "_")
        parser.add_argument(f"--{option}", type=kind, default=given.get(variable, default), help=meaning)
    parser.add_argument("--client-id", default=given.get("SANDBOX_CLIENT_ID", CLIENT_ID))
    parser.add_argument("--client-secret", default=given.get("SANDBOX_CLIENT_SECRET", CLIENT_SECRET))
    parser.add_argument(
        "--redirect-uri", action="append", default=[], help="allow sign-in to return to these alone"
    )
    return parser


def _seconds(text: str) -> float:
    if not 0 <= (seconds := float(text)) < math.inf:
        raise ValueError
    return seconds


def _at_least_one(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError
    return number


NUMBERS = (
    ("pace", _seconds, "1.5", "seconds a Space spends in a stage"),
    ("app-delay", _seconds, "0", "seconds from a Space's RUNNING to the first answer of its app"),
    ("rate-limit", _at_least_one, "3000", "API requests of one token in a window"),
    ("rate-window", _at_least_one, "300", "seconds of a window"),
)


def main() -> None:
    config = read_config()
    try:
        server = SandboxHTTPServer(Hub(config))
    except OSError as error:
        raise SystemExit(f"The sandbox cannot listen on {config.host}:{config.port}: {error}") from error
    asked_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked_to_stop.set())
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="sandbox")
    serving.start()
    asked_to_stop.wait()
    server.shutdown()
    serving.join()
    server.close()


if __name__ == "__main__":
    main()
