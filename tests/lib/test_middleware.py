"""The way back after a refusal."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from dibt.lib.middleware import came_from


@pytest.fixture(autouse=True)
def _a_site_of_that_name(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["site.example"]


def asked_from(referer: str) -> str | None:
    return came_from(RequestFactory(headers={"host": "site.example"}).get("/", headers={"referer": referer}))


def test_the_way_back_is_the_page_of_this_site_that_the_browser_names() -> None:
    assert asked_from("http://site.example/projects/?page=2") == "http://site.example/projects/?page=2"


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "home",
        "a\x00b",
        ":",
        "/me/",
        "https://evil.example/",
        "//evil.example/",
        "http:///evil.example",
        "http:home",
    ],
)
def test_whatever_else_is_written_there_is_no_way_back(referer: str) -> None:
    assert asked_from(referer) is None
