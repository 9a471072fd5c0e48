"""A real browser against the real application, served beside the test with a database of its own."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from waitress import wasyncore
from waitress.server import create_server

from trainee.kit.db import db, only_reads
from trainee.people import actions as people
from trainee.people.models import Person

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# For a machine that does ten things at once; nothing here waits for a time to pass.
PATIENCE = 90_000
PASSWORD = "uzun bir cümle yeter"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine. Where there is none the browser tests are skipped, unless TRAINEE_REQUIRE_BROWSER forbids that."""
    if CHROMIUM is None:
        if os.environ.get("TRAINEE_REQUIRE_BROWSER"):
            pytest.fail("There is no Chromium on this machine, and TRAINEE_REQUIRE_BROWSER is set. On Debian: apt-get install chromium")
        pytest.skip("There is no Chromium on this machine; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(app: Flask, cast: SimpleNamespace, at: object) -> Iterator[str]:
    """The application on a free port of this machine, with forged forms refused as in earnest; everybody of the cast has the same password."""
    stored = people.passwords.hashed(PASSWORD)
    for person_id in vars(cast).values():
        db.session.get_one(Person, person_id).password_hash = stored
    db.session.commit()
    db.session.remove()
    app.config["WTF_CSRF_ENABLED"] = True
    # From here on the test itself only looks into the database and never takes the write lock from the server.
    only_reads(True)
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=6)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    # The sockets are closed by the thread that waits on them: closed from here, its wait would end in an error or hear of a stranger's socket.
    server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
    thread.join(30)
    assert not thread.is_alive()
    # A page asked for at the very end is still being made, and the next test copies the database's file: it is waited for.
    server.task_dispatcher.shutdown(timeout=30)
    app.config["WTF_CSRF_ENABLED"] = False
    only_reads(False)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A small phone."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en-GB", reduced_motion="reduce", has_touch=True)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def signed_in(phone: BrowserContext, site: str) -> Callable[[str], Page]:
    """Sign somebody in through the page itself."""

    def sign_in(username: str) -> Page:
        page = phone.new_page()
        page.goto(f"{site}/sign-in")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main form .button-primary")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    return sign_in


def faults(page: Page) -> list[str]:
    """What axe-core minds about the page, one line each."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{page.url}: {one['id']}: {one['help']} at {one['nodes'][0]['target']}" for one in found["violations"]]


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
