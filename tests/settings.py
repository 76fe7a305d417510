"""The settings of the tests: the site's own, in an environment that says nothing but what is written here.

Of the machine's environment only DATABASE_URL and REDIS_URL are listened to. Everything is written into a
temporary folder; each process of a parallel run has its own, and its own databases of the broker.
"""

import atexit
import os
import shutil
import socket
import tempfile
from pathlib import Path

from dibt.environment import broker_url_of
from scripts import variables

# The contract tests alone are told the token of the real Hub; the processes of a parallel run inherit it here.
if os.environ.get("HF_TOKEN") and os.environ.get("HUB_CONTRACT_ORG"):
    os.environ["HUB_CONTRACT_TOKEN"] = os.environ["HF_TOKEN"]
for name in variables.known() - {"DATABASE_URL", "REDIS_URL"}:
    os.environ.pop(name, None)

FOLDER = Path(tempfile.mkdtemp(prefix="dibt-test-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

# The sandbox's address has to be known before it runs. Holding the port keeps others from being given it.
SANDBOX_PORT = socket.socket()
SANDBOX_PORT.bind(("127.0.0.1", 0))

os.environ["DATA_DIR"] = str(FOLDER)
os.environ["SANDBOX_URL"] = f"http://127.0.0.1:{SANDBOX_PORT.getsockname()[1]}"
os.environ["API_RATE_ANON"] = os.environ["API_RATE_USER"] = "100000/min"

worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
if os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = broker_url_of(os.environ["REDIS_URL"], database=2 * worker)

from dibt.settings import *  # noqa: E402, F403
from dibt.settings import DATA_DIR, DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as on the demo, since a database in memory locks differently; nothing of it is kept.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"

MIDDLEWARE = ["tests.in_flight.InFlightMiddleware", *MIDDLEWARE]  # noqa: F405
