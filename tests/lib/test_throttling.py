"""How often the API may be asked."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from dibt.lib.throttling import AnonThrottle


class Twice(AnonThrottle):
    rate = "2/min"
    moment = 1_000_000.0

    @classmethod
    def timer(cls) -> float:
        return cls.moment


@pytest.fixture(autouse=True)
def _nobody_asked_before():
    cache.clear()


def ask(address: str = "10.0.0.1") -> tuple[bool, float]:
    request = Request(APIRequestFactory().get("/", REMOTE_ADDR=address))
    request.user = AnonymousUser()
    throttle = Twice()
    return throttle.allow_request(request, APIView()), throttle.wait()


def test_what_exceeds_the_rate_is_refused_until_the_window_ends(monkeypatch: pytest.MonkeyPatch):
    allowed = [ask()[0] for _ in range(3)]
    _refused, wait = ask()
    monkeypatch.setattr(Twice, "moment", Twice.moment + wait)

    assert allowed == [True, True, False]
    assert 0 < wait <= 60
    assert ask()[0]


def test_each_address_is_counted_by_itself():
    assert [ask("10.0.0.1")[0] for _ in range(3)] == [True, True, False]
    assert ask("10.0.0.2")[0]
