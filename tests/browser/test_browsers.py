"""A crash of the browser between two tests fails none of them."""

import contextlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.browsers import Browsers

pytestmark = [pytest.mark.browser]


def test_where_the_browser_has_crashed_the_next_visitor_gets_another_one(
    launch_browser: Callable[[], Browser],
) -> None:
    launched: list[Browser] = []

    def launch() -> Browser:
        launched.append(launch_browser())
        return launched[-1]

    browsers = Browsers(launch)
    browsers.new_context().new_page()
    with contextlib.suppress(Error):  # there is nobody to answer
        launched[0].new_browser_cdp_session().send("Browser.crash")

    page = browsers.new_context(locale="fr").new_page()

    assert page.evaluate("navigator.language") == "fr"
    assert [browser.is_connected() for browser in launched] == [False, True]
    browsers.close()


def test_what_the_browser_refuses_by_itself_is_not_tried_with_another(
    launch_browser: Callable[[], Browser],
) -> None:
    browsers = Browsers(launch_browser)

    with pytest.raises(Error, match="latitude"):
        browsers.new_context(geolocation={"latitude": 300, "longitude": 0})
    browsers.close()
