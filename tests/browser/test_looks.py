"""What every page has to be, whoever looks at it and however: readable, in place, and quiet."""

from collections import Counter
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.walking import ROLES, kind_of, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ENOUGH = 2  # pages of one kind, seen by different people
# So that a walk which misses them is noticed.
MAIN_PAGES = {
    "nobody": {
        *("/", "/projects/", "/projects/*/", "/projects/*/annotate/", "/projects/*/progress/"),
        *("/cohorts/", "/cohorts/*/"),
    },
    "contributor": {
        "/projects/*/annotate/",
        "/me/",
        "/me/answers/",
        "/me/answers/*/edit/",
        "/me/tokens/",
        "/me/notices/",
    },
    "lead": {
        *("/applications/", "/applications/*/", "/applications/*/edit/", "/manage/*/", "/manage/*/task/"),
        *(
            "/manage/*/guidelines/",
            "/manage/*/records/",
            "/manage/*/records/objections/",
            "/manage/*/records/preview/",
            "/manage/*/records/imports/*/",
        ),
        *("/manage/*/space/", "/manage/*/releases/", "/manage/*/releases/*/", "/manage/*/settings/"),
    },
    "organiser": {
        "/organise/",
        "/organise/spaces/",
        "/organise/cohorts/*/",
        "/organise/cohorts/*/edit/",
        "/organise/applications/*/",
    },
}
GRAVE = {"serious", "critical"}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"runOnly": ["color-contrast"]}
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# What sticks out to the side, if the page itself can be scrolled there; what scrolls inside a box of its own may.
STICKING_OUT = """() => {
  const root = document.scrollingElement, width = root.clientWidth;
  const boxed = e => e !== document.body && (getComputedStyle(e).overflowX !== "visible" || boxed(e.parentElement));
  if (root.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter(e => { const b = e.getBoundingClientRect(); return b.width && (b.right > width + 1 || b.left < -1); })
    .filter(e => !boxed(e.parentElement)).slice(0, 3).map(e => e.outerHTML.slice(0, 160));
}"""

# Media queries are asked anew with the next frame: what is measured before it is the layout of neither width.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("name", ROLES)
def test_every_page_is_accessible_and_fits_light_dark_on_a_phone_and_from_right_to_left(
    arrive_at_demo: Arrive, name: str
) -> None:
    role, wrong, looked_at = ROLES[name], [], Counter[str]()

    for handle in role.people:
        visitor = arrive_at_demo(handle, viewport=DESKTOP, reduced_motion="reduce")
        for path in walk(visitor, starts=role.starts, below=role.below):
            if looked_at[kind_of(path)] < ENOUGH:
                looked_at[kind_of(path)] += 1
                wrong += [f"{path}: {what}" for what in faults(visitor.page)]

    assert not wrong, "\n".join(wrong)
    assert set(looked_at) >= MAIN_PAGES[name]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_current_tab_is_in_sight_on_a_phone(arrive_at_demo: Arrive, direction: str) -> None:
    lead = arrive_at_demo("ibis", viewport=PHONE)
    lead.page.add_init_script(
        f"addEventListener('readystatechange', () => document.documentElement.dir = '{direction}')"
    )
    lead.go("/applications/")
    lead.main.locator(".card__title a").first.click()
    lead.press("To your project")

    for name in ("Settings", "Overview"):
        lead.press(name)
        tab = lead.main.locator(".tab[aria-current]")
        expect(tab).to_have_text(name)
        expect(tab).to_be_in_viewport(ratio=1)


def faults(page: Page) -> Iterator[str]:
    """Everything that is wrong with the page that is open."""
    yield from grave(page, WCAG, "light")
    page.emulate_media(color_scheme="dark")
    page.reload()  # or some colours are still on their way from the other scheme
    yield from grave(page, CONTRAST, "dark")
    page.set_viewport_size(PHONE)
    page.evaluate(TWO_FRAMES)
    yield from (f"sticks out on a phone: {part}" for part in page.evaluate(STICKING_OUT))
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.evaluate(TWO_FRAMES)
    yield from (f"sticks out from right to left: {part}" for part in page.evaluate(STICKING_OUT))
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")


def grave(page: Page, options: dict[str, list[str]], scheme: str) -> Iterator[str]:
    """What axe finds that keeps people out."""
    for violation in Axe().run(page, options=options).response["violations"]:
        if violation["impact"] in GRAVE:
            for node in violation["nodes"][:3]:
                yield f"{scheme}: {node['html'][:160]}: {node['failureSummary']}"
