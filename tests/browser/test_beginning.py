"""From an empty database to the first module assigned, on a small phone, as the very first administrator."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from waitress import wasyncore
from waitress.server import create_server

from tests.browser.conftest import PASSWORD, PATIENCE, faults, too_wide
from tests.browser.steps import press
from tests.disk import hurry
from trainee import migrate
from trainee.app import create_app
from trainee.config import Config
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.modules.library.actions import load_content
from trainee.people import organisation

pytestmark = pytest.mark.browser
CONTENT = Path(__file__).resolve().parents[2] / "content"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[Flask, str, str]]:
    """An installation of its own with the content and nobody in it: the application, where it is reached, and its start code."""
    app = create_app(Config(environment="test", data_dir=str(tmp_path), secret_key="t" * 40))
    with app.app_context():
        hurry()
        migrate.upgrade()
        load_content(CONTENT, now())
        code = organisation.start_code()
        db.session.commit()
        db.session.remove()
    app.config["WTF_CSRF_ENABLED"] = True
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=6)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{server.effective_port}", code
    server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
    thread.join(30)
    assert not thread.is_alive()
    server.task_dispatcher.shutdown(timeout=30)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def sound(page: Page) -> None:
    """Nothing wider than the screen, and nothing that a reader by ear or keyboard stumbles over."""
    assert too_wide(page) <= 0, page.url
    assert faults(page) == []


def test_the_first_administrator_comes_from_an_empty_database_to_the_first_module(empty: tuple[Flask, str, str], phone: BrowserContext) -> None:
    _app, site, code = empty
    page = phone.new_page()
    page.goto(site)
    expect(page).to_have_url(f"{site}/start")
    sound(page)
    page.fill("[name=code]", "AAAA-AAAA-AAAA")
    for name, value in (("name", "Ayla Deniz"), ("username", "ayla"), ("password", PASSWORD), ("again", PASSWORD)):
        page.fill(f"[name={name}]", value)
    press(page, "main form .button-primary")
    # The list at the head has the focus, as on every refused form, and leads to the field.
    expect(page.locator("main [role=alert]")).to_be_focused()
    expect(page.locator("main [role=alert] a")).to_contain_text("not the start code")
    expect(page.locator("main [role=alert] a")).to_have_attribute("href", "#code")
    expect(page.locator("#code-errors")).not_to_contain_text("`")
    sound(page)
    page.fill("[name=code]", code)
    for name in ("password", "again"):
        page.fill(f"[name={name}]", PASSWORD)
    press(page, "main form .button-primary")

    expect(page.locator("h1")).to_have_text("Name and language")
    sound(page)
    page.fill("[name=name]", "Çınar Çağrı Merkezi")
    press(page, "main form .button-primary")

    expect(page.locator("h1")).to_have_text("Logo")
    expect(page.locator(".top-name")).to_contain_text("Çınar Çağrı Merkezi")
    sound(page)
    out = io.BytesIO()
    Image.new("RGBA", (300, 90), (160, 30, 40, 255)).save(out, "PNG")
    page.set_input_files("#logo", {"name": "logo.png", "mimeType": "image/png", "buffer": out.getvalue()})
    press(page, "main form .button-primary")
    # It goes on by itself, as after the name.
    expect(page.locator("h1")).to_have_text("People from a file")
    expect(page.locator(".page-header .eyebrow")).to_have_text("Step 3 of 4")
    expect(page.locator(".top-name .top-logo")).to_be_visible()
    # Wider than its place it is drawn smaller, never squeezed; and dark letters on nothing stay readable in the evening.
    expect(page.locator(".top-name .top-logo")).to_have_css("object-fit", "contain")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    expect(page.locator(".top-name .top-logo")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    sound(page)
    page.goto(f"{site}/setup")
    expect(page.locator("main")).to_contain_text("2 of 4 done")
    sound(page)
    page.goto(f"{site}/setup/module")
    expect(page.locator("main")).to_contain_text("Nobody to learn yet")
    sound(page)
    page.goto(f"{site}/people/new")
    for name, value in (("name", "Bora Kaya"), ("username", "bora"), ("job", "Danışman")):
        page.fill(f"[name={name}]", value)
    press(page, "main form .button-primary")

    page.goto(f"{site}/")
    expect(page.locator("main")).to_contain_text("1 step left")
    sound(page)
    page.goto(f"{site}/setup")
    press(page, "main .button-row .button-primary")
    expect(page.locator("h1")).to_have_text("The first module")
    sound(page)
    press(page, "main .rows .row-title >> nth=0")
    expect(page.locator("h1")).to_have_text("Assign to several people")
    # The step's frame stays, and everybody and a reason are proposed.
    expect(page.locator(".page-header .eyebrow")).to_have_text("Step 4 of 4")
    expect(page.locator("[name=whom]")).to_have_value("all")
    expect(page.locator("[name=why]")).to_have_value("Everybody here begins with this.")
    sound(page)
    press(page, "main form .button-primary")
    expect(page).to_have_url(f"{site}/setup")
    expect(page.locator("h1")).to_have_text("Everything is set up")
    expect(page.locator(".notice-title")).to_have_text("1 person cannot sign in yet")
    sound(page)
    press(page, "main .button-row .button-primary")
    expect(page.locator("main")).to_contain_text("Bora Kaya")
    page.goto(f"{site}/setup")
    press(page, "main form[action='/setup/end'] button")
    expect(page.locator("main")).not_to_contain_text("Setting up")


@pytest.mark.parametrize("width", [1024, 1440])
def test_on_a_screen_the_head_shows_the_search_and_whole_names_and_one_key_leads_to_it(chromium: Browser, site: str, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.fill("input[name=login]", "chloe")
    page.fill("input[name=password]", PASSWORD)
    press(page, "main form .button-primary")
    expect(page.locator(".top-find")).to_be_visible()
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    assert page.eval_on_selector_all(".top .tool-words", cut) == []
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.locator("[data-find]")).to_be_focused()
    page.keyboard.type("İRMAK")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Chloe Irmak")
    sound(page)
    context.close()
