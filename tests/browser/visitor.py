"""A person at a browser of their own, and everything that went wrong while they were there."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Locator, Page, Response, expect

# How Chromium reports an answer of 400 and above, which `heard_answer` judges by its status.
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of \d+")
# And how it reports a request without network, which is no trouble while somebody has none.
CUT_OFF = {
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
    "An unknown error occurred when fetching the script.",  # of the service worker
}
PATIENCE = 20_000  # milliseconds, for a machine that does much else


@dataclass
class Visitor:
    """Drives one page. `refusals` are the statuses above 399 that this visit may meet."""

    page: Page
    url: str
    refusals: Collection[int] = ()
    troubles: list[str] = field(default_factory=list)
    was_cut_off: bool = False

    @classmethod
    def arrive(cls, context: BrowserContext, url: str, *, refusals: Collection[int] = ()) -> "Visitor":
        """Open a page of this site in that context and listen to everything that it says."""
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        visitor = cls(context.new_page(), url, refusals)
        context.on("console", visitor.heard_message)
        context.on(
            "weberror",
            lambda error: visitor.troubles.append(f"{error.page and error.page.url}: {error.error}"),
        )
        context.on("response", visitor.heard_answer)
        return visitor

    def heard_message(self, message: ConsoleMessage) -> None:
        """Errors and warnings; a violation of the Content-Security-Policy is among them."""
        if self.was_cut_off and message.text in CUT_OFF:
            return
        if message.type in {"error", "warning"} and not ANSWERED.match(message.text):
            self.troubles.append(f"{self.page.url}: {message.type}: {message.text}")

    def heard_answer(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.refusals:
            self.troubles.append(f"{response.url}: {response.status}")

    def cut_off(self, *, offline: bool = True) -> None:
        """Take the network from this person's browser, or give it back."""
        self.was_cut_off = True
        self.page.context.set_offline(offline)

    def leave(self) -> None:
        """Close all that is open here. The network goes first: a page that is left says so to the site, which may be
        gone by then. Where the browser has crashed meanwhile, there is nothing to close (see `Browsers`)."""
        context = self.page.context
        try:
            self.cut_off()
            context.close()
        except Error:
            if context.browser is None or context.browser.is_connected():
                raise

    def sign_in(self, handle: str) -> "Visitor":
        """Sign in on the Hub as the person of that name, coming back to where we were."""
        self.go("/sign-in/")
        self.press("Sign in with Hugging Face", within=self.main)
        self.page.locator(f"button[name=person][value={handle}]").click()
        expect(self.page.get_by_text("Your menu")).to_be_attached()
        return self

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def go(self, path: str) -> "Visitor":
        self.page.goto(self.url + path)
        return self

    def press(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Press the button, or follow the link that looks like one, of that name."""
        place = within or self.page.locator("body")
        place.get_by_role("button", name=name, exact=exact).or_(
            place.get_by_role("link", name=name, exact=exact)
        ).first.click()

    def confirm(self, name: str) -> None:
        """Press a button that asks back, and say yes."""
        self.press(name)
        self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()

    def fill(self, **fields: str | int) -> None:
        """Fill in a form; the names are those of its fields."""
        for name, value in fields.items():
            control = self.main.locator(f"[name='{name}']:not([type=hidden])").first
            if control.evaluate("(element) => element.tagName") == "SELECT":
                control.select_option(str(value))
            else:
                control.fill(str(value))

    def choose(self, name: str, value: str) -> None:
        """Choose one of several radio buttons or boxes."""
        self.main.locator(f"[name='{name}'][value='{value}']").check()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Fail unless the page says so, now or soon."""
        expect(self.main.get_by_text(text).first).to_be_visible()

    def download(self, name: str, *, exact: bool = True) -> bytes:
        """What the link of that name downloads."""
        with self.page.expect_download() as started:
            self.press(name, within=self.main, exact=exact)
        return Path(started.value.path()).read_bytes()

    def path(self) -> str:
        """Where we are, below the site's address."""
        return self.page.url.removeprefix(self.url)
