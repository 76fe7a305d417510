"""Pictures of every page of a running demo, to look at: `.venv/bin/python -m scripts.screenshots FOLDER [URL]`.

Each kind of person walks from link to link, and each page is taken four times: light, dark, on a phone, and
from right to left. `--only lead` takes one kind of person, `--below /manage/` some of the pages.
"""

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from scripts import chromium
from tests.browser.visitor import Visitor
from tests.browser.walking import ROLES, kind_of, walk

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


def main() -> int:
    parser = argparse.ArgumentParser("python -m scripts.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000", help="the demo (%(default)s)")
    parser.add_argument("--only", choices=ROLES, help="one kind of person")
    parser.add_argument("--below", default="/", help="pages whose path begins like this")
    options = parser.parse_args()
    if not chromium.find():
        print("There is no Chromium: apt-get install chromium-headless-shell, or set CHROME_BIN.")
        return 1
    for name in [options.only] if options.only else ROLES:
        take_all(options.folder / name, options.url.rstrip("/"), role=name, below=options.below)
    print(f"Look at the pictures in {options.folder}.")
    return 0


def take_all(folder: Path, url: str, *, role: str, below: str) -> None:
    """The pages of one kind of person."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), chromium_sandbox=False)
        for handle in ROLES[role].people:
            context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
            visitor = Visitor.arrive(context, url)
            if handle:
                visitor.sign_in(handle)
            for path in walk(visitor, starts=ROLES[role].starts, below=ROLES[role].below):
                if path.startswith(below):
                    picture = folder / "-".join(filter(None, [handle, file_name(path)]))
                    print(picture, flush=True)
                    take(visitor.page, picture)
            context.close()


def take(page: Page, picture: Path) -> None:
    """The page that is open, as it is and in three other ways."""
    page.screenshot(path=f"{picture}-light.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.reload()
    page.screenshot(path=f"{picture}-dark.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    page.reload()
    page.screenshot(path=f"{picture}-phone.png", full_page=True)
    page.set_viewport_size(DESKTOP)
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.screenshot(path=f"{picture}-rtl.png", full_page=True)


def file_name(path: str) -> str:
    """`manage-one-task` for `/manage/*/task/`."""
    return "-".join(kind_of(path).replace("*", "one").strip("/").split("/")) or "home"


if __name__ == "__main__":
    sys.exit(main())
