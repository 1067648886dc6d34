"""The pictures of docs/ and the README: `python -m tests.screenshots` (or `make screenshots`).

Starts the demo on a database of its own, and takes the main pages light and dark, wide and on a phone.
"""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

import bootstrap
from tests.infrastructure import chromium

PORT = 8199
HERE = f"http://{bootstrap.HOST}:{PORT}/"
DOCS = bootstrap.ROOT / "docs"
WIDE, PHONE = (1280, 800), (390, 780)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in one light and size, after the steps that lead to what it shows."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    scheme: Literal["light", "dark"] = "light"
    steps: Callable[[Page], None] = lambda page: None


def open_first(page: Page) -> None:
    """The page of the first row."""
    page.locator(".row-name").first.click()
    page.wait_for_load_state()


def select_rows(page: Page) -> None:
    """Some rows, by keyboard."""
    for key in "jxjxj":
        page.keyboard.press(key)


PICTURES = (
    Picture("contacts", "contacts/"),
    Picture("contacts-dark", "contacts/", scheme="dark", steps=select_rows),
    Picture("contacts-phone", "contacts/", PHONE),
    Picture("contact", "contacts/", steps=open_first),
    Picture("contact-dark-phone", "contacts/", PHONE, "dark", steps=open_first),
    Picture("companies", "companies/"),
    Picture("company-dark", "companies/", scheme="dark", steps=open_first),
    Picture("tickets", "tickets/"),
    Picture("profile-dark", "profile/", scheme="dark"),
    Picture("keys", "contacts/", steps=lambda page: page.keyboard.press("?")),
)


@contextmanager
def demo() -> Iterator[dict[str, str]]:
    """The demo's secrets, while it is served with its people provisioned."""
    folder = Path(tempfile.mkdtemp(prefix="deskscim-pictures-"))
    bootstrap.DEMO = folder / "demo.json"
    os.environ |= {"DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}", "NO_PROXY": bootstrap.HOST}
    os.environ |= {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DESKSCIM_HTTPS": "false",
    }
    try:
        bootstrap.compile_stylesheet()
        bootstrap.compile_translations()
        bootstrap.collect_static_files()
        made = bootstrap.prepare_demo()
        with bootstrap.server(PORT) as process:
            bootstrap.wait_until_healthy(process, HERE)
            bootstrap.provision(made, HERE)
            yield made
    finally:
        shutil.rmtree(folder)


def take(browser: Browser, made: dict[str, str], picture: Picture) -> None:
    """Sign in, go there, and save what is seen."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=picture.scheme,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Amsterdam",
    )
    page = context.new_page()
    page.goto(HERE)
    page.fill("[name=username]", made["email"])
    page.fill("[name=password]", made["password"])
    page.click("[type=submit]")
    page.goto(HERE + picture.path)
    picture.steps(page)
    page.screenshot(path=DOCS / f"{picture.name}.png")
    context.close()


def main() -> int:
    """Take them all."""
    executable = chromium.find()
    if executable is None:
        print(chromium.MISSING, file=sys.stderr)
        return 1
    with demo() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=chromium.ARGUMENTS)
        for picture in PICTURES:
            take(browser, made, picture)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
