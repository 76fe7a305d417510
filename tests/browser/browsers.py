"""The browser that all visitors of a run use, each with a context of their own."""

from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Error


class Browsers:
    """One at a time. Chromium crashes by itself once in some thousand contexts, when one of them is closed: the next
    visitor then gets another one."""

    def __init__(self, launch: Callable[[], Browser]) -> None:
        self._launch = launch
        self._running = launch()

    def new_context(self, **options: object) -> BrowserContext:
        """As Playwright's own."""
        try:
            return self._running.new_context(**options)  # type: ignore[arg-type]
        except Error:
            if self._running.is_connected():
                raise
        self._running = self._launch()
        return self._running.new_context(**options)  # type: ignore[arg-type]

    def close(self) -> None:
        self._running.close()
