"""The way back after a refusal, and what is sent in fewer bytes."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from dibt.lib.middleware import CompressionMiddleware, came_from


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


def sent(kind: str, length: int = 2_000) -> HttpResponse:
    request = RequestFactory(headers={"accept-encoding": "gzip"}).get("/")
    middleware = CompressionMiddleware(lambda _request: HttpResponse(b"a" * length, content_type=kind))
    response = middleware(request)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize(
    "kind", ["text/html; charset=utf-8", "text/css", "application/json", "image/svg+xml"]
)
def test_text_is_sent_in_fewer_bytes(kind: str) -> None:
    response = sent(kind)

    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == b"a" * 2_000


@pytest.mark.parametrize("kind", ["application/zip", "application/octet-stream", "image/png", ""])
def test_what_is_compressed_in_itself_is_sent_as_it_is(kind: str) -> None:
    response = sent(kind)

    assert not response.has_header("Content-Encoding")
    assert response.content == b"a" * 2_000
