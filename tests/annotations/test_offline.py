"""What makes the workspace work without network, as far as the server has a part in it."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from dibt.lib.styles import styles
from tests.annotations.worlds import a_project, somebody, taking_part

pytestmark = pytest.mark.django_db


def signed_in() -> Client:
    client = Client()
    client.force_login(taking_part(a_project(records=1), somebody("wren")))
    return client


def settings_of(worker: str) -> dict[str, object]:
    found = re.search(r"self\.site = (\{.*\});", worker)
    assert found
    told: dict[str, object] = json.loads(found[1])
    return told


def test_the_page_without_network_is_the_same_for_everybody_and_names_nobody() -> None:
    mine, nobodys = signed_in().get("/offline/"), Client().get("/offline/")

    assert mine.status_code == 200
    assert mine.content == nobodys.content
    assert "wren" not in mine.content.decode()
    assert "csrfmiddlewaretoken" not in mine.content.decode()


def test_fetching_it_takes_no_message_from_the_next_page() -> None:
    client = signed_in()
    client.post(reverse("accounts:shown_as"), {"shown_as": "hidden"})

    client.get("/offline/")
    page = client.get("/me/")

    assert 'class="message message--good"' in page.content.decode()


def test_the_worker_knows_the_files_that_the_page_is_made_of() -> None:
    worker, page = Client().get("/sw.js"), Client().get("/offline/").content.decode()
    files = settings_of(worker.content.decode())["files"]

    assert worker["Content-Type"] == "text/javascript"
    assert worker["Cache-Control"] == "no-cache"
    assert isinstance(files, list)
    static = [file for file in files if file.startswith("/static/")]
    assert all(finders.find(file.removeprefix("/static/")) for file in static)
    assert [file for file in files if file not in static] == [styles().url]
    assert Client().get(styles().url)["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Client().get("/styles/old.css")["Cache-Control"] == "no-cache"
    used = set(re.findall(r'(?:src|href)="(/(?:static|styles)/[^"]+\.(?:js|css|svg))"', page))
    assert used <= set(files)


def test_new_files_make_a_new_worker() -> None:
    told = settings_of(Client().get("/sw.js").content.decode())

    assert re.fullmatch("[0-9a-f]{12}", str(told["version"]))
    assert told["shell"] == "/offline/"
