"""Photographs of the whole site: every page as every role, at three widths, light and dark, in Turkish and English.

The pages are found by following links from each role's first page, so a new page joins by itself as soon as something leads to it. Where nothing
does, its address is filled in from those of other pages (tools/reached.py); what stands behind a form is come to by doing what a person would do
(`doings`), and what the table of rights (tests/house/permissions.py) holds and was still not reached is told at the end. A page is photographed for
so many examples as --examples says. Besides, the states that matter (`states`): errors, a form sent empty, a line that drops, a role-play on each
device at its beginning and in the middle, its end and its look back; and (`empty`) an installation of its own that nobody has used: each step of the
guided start, every page with nothing in it, those that hold exactly one thing, and a list of 500 people. What could not be photographed, because a
page did not come, keeps nothing else from the sheets: it is told at the end, which is no success then.

    python -m tools.screenshots --out screenshots --role employee --width 360 --language tr --theme light

With --before and the folder of an earlier run each page is set beside what it was, what has changed most first (compared/index.html); with
--compare-only nothing is photographed and two runs that are there already are set side by side.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from werkzeug.routing import MapAdapter

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.house.permissions import TABLE
from tools.compared import SAME, compare
from tools.crawler import rule_of, walk
from tools.reached import STORIES, Place, filled
from tools.sheets import Look, Shot, bind
from trainee.app import create_app
from trainee.config import Config
from trainee.demo import ACCOUNTS, PASSWORD

ROOT = Path(__file__).resolve().parent.parent
WIDTHS, THEMES, LANGUAGES = (360, 768, 1440), ("light", "dark"), ("tr", "en")
VISITOR = "visitor"
# A page longer than this is cut: nobody looks at the rest on a contact sheet.
TALLEST = 6000
CALL = "late-washing-machine"
DEVICES = {
    "phone": CALL,
    "chat": "first-message",
    "e-mail": "five-year-customer",
    "social": "public-complaint",
    "shop": "at-the-counter",
    "meeting": "bad-month",
}
MANY = 500
# Each look answers a question of one of them, and keeps it answered for the next.
QUIZZES, LESSON = ("greeting", "empathy", "complaint-handling", "listening"), "greeting/first-ten-seconds"
# Where an installation tells of the one thing it holds.
ONE: dict[str, tuple[str, dict[str, str]]] = {
    "setup": ("starting.guide", {}),
    "today": ("dashboards.today", {}),
    "file": ("imports.imports", {}),
    "not-signed-in": ("people.directory", {"show": "waiting"}),
    "assignment": ("plans.assigned", {}),
    "message": ("notices.everybody", {}),
    "report": ("reports.report", {"report_key": "assignments"}),
}
# What a browser opens and nobody reads as a page: files, pictures, a token, what watches the site, and the way to another organisation's sign-in.
NO_PAGES = frozenset(
    {"assets.asset", "csrf_token", "healthz", "lessons.picture", "publishing.picture", "plans.paper", "reports.file"}
    | {"people.provider_sign_in", "people.provider_back"}
)


# What breaks off one photograph and not the run: a page that does not come, an address that was not reached, a command that did not work.
BROKEN = (Error, KeyError, RuntimeError)


class Album:
    """The photographs of one group in one look, and by name what could not be taken."""

    def __init__(self, group: str, look: Look, out: Path) -> None:
        self.group, self.look, self.out = group, look, out
        self.shots: list[Shot] = []
        self.broken: list[str] = []

    def keep(self, page: Page, name: str) -> None:
        """Photograph the page as it stands, under that name."""
        file = f"{self.group}/{self.look.name}/{len(self.shots) + 1:03}-{re.sub(r'[^a-z0-9]+', '-', name)}.png"
        (self.out / file).parent.mkdir(parents=True, exist_ok=True)
        photograph(page, self.out / file)
        self.shots.append(Shot(self.group, name, re.sub(r"^\w+://[^/]+", "", page.url), {self.look.name: file}))

    @contextmanager
    def attempt(self, name: str) -> Iterator[None]:
        """What breaks off in here is told and keeps nobody from the rest."""
        try:
            yield
        except BROKEN as problem:
            self.broken.append(f"{self.group} {self.look.name} {name}")
            print(f"{self.broken[-1]} broke off: {(str(problem).splitlines() or [repr(problem)])[0]}", flush=True)


class Site:
    """The demonstration site, started for this, and what its addresses mean."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        app = create_app(Config(data_dir=str(folder), secret_key="s" * 40))
        rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        self.readable = {rule.endpoint for rule in rules if not rule.rule.startswith("/api/") and "." not in rule.rule.rsplit("/", 1)[-1]}
        self.folder = folder
        self.rules: MapAdapter = app.url_map.bind(f"127.0.0.1:{port}")

    def rule_of(self, address: str) -> str | None:
        """The name of the page at that address; None for what is no page of ours."""
        return rule_of(self.rules, address)


def a_port() -> int:
    """One that is free."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _settings(folder: Path) -> dict[str, str]:
    """The surroundings of a program that works on what lies in that folder."""
    return {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TRAINEE_DEMO"}} | {"DATA_DIR": str(folder)}


@contextmanager
def served(folder: Path, demo: bool = True) -> Iterator[Site]:
    """The site on a free port; with `demo` the demonstration company is built where the folder has none, without it there is nobody."""
    port = a_port()
    settings = {**_settings(folder), "PORT": str(port), "HOST": "127.0.0.1"} | ({"TRAINEE_DEMO": "1"} if demo else {})
    command = [sys.executable, "-m", "trainee", "run", *(["--demo"] if demo else [])]
    server = subprocess.Popen(command, env=settings, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        site = Site(folder, port)
        until = time.monotonic() + 600
        while not _answers(site.url):
            if server.poll() is not None or time.monotonic() > until:
                sys.exit("The site did not start. `make run` says why.")
            time.sleep(0.5)
        yield site
    finally:
        server.terminate()
        server.wait(30)


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def opened(chromium: Browser, site: Site, look: Look, username: str | None, first: str = "/sign-in") -> Iterator[Page]:
    """A browser in that look, in which that person is signed in; it begins at the address `first`."""
    context: BrowserContext = chromium.new_context(
        viewport={"width": look.width, "height": 800},
        color_scheme="dark" if look.theme == "dark" else "light",
        locale="tr-TR" if look.language == "tr" else "en-GB",
        reduced_motion="reduce",
        has_touch=look.width < 1000,
    )
    context.set_default_timeout(60_000)
    try:
        page = context.new_page()
        page.goto(site.url + first)
        if username:
            page.fill("input[name=login]", username)
            page.fill("input[name=password]", PASSWORD)
            page.click("main form .button-primary")
            page.wait_for_url(lambda url: "/sign-in" not in url)
        if page.get_attribute("html", "lang") != look.language:
            page.click(".top button[name=language]")
            page.wait_for_selector(f"html[lang={look.language}]")
        yield page
    finally:
        context.close()


def pages_of(chromium: Browser, site: Site, role: str, username: str | None, examples: int, only: str, language: str = "en") -> list[Shot]:
    """Every page a role can reach, so many examples of each: by links, and by addresses that are filled in from theirs.

    It is walked in the language of the photographs, since addresses carry words."""
    with opened(chromium, site, Look(360, "light", language), username) as page:

        def fetch(address: str) -> tuple[str, str] | None:
            answer = page.request.get(address, max_redirects=5)
            return (answer.url, answer.text()) if answer.ok and "text/html" in answer.headers.get("content-type", "") else None

        found = [
            Shot(role, one.rule, one.address.removeprefix(site.url))
            for one in walk([site.url + ("/" if username else "/sign-in")], fetch, site.rule_of, examples)
        ]
        had = {one.rule for one in found}
        for rule in sorted((set(TABLE) & site.readable) - had - NO_PAGES) if username else ():
            for address in filled(site.rules, rule, [site.url + one.address for one in found]):
                answer = fetch(site.url + address)
                if answer is not None and site.rule_of(answer[0]) == rule:
                    found.append(Shot(role, rule, address))
                    break
    return [one for one in found if only in one.rule]


def photograph(page: Page, file: Path) -> None:
    """The whole page, down to a length that can still be looked at."""
    page.evaluate("document.fonts.ready")
    # What sticks to the top stands where it stands when the page is opened.
    page.evaluate("scrollTo(0, 0)")
    # The bar at the foot of a phone stands below a page that is photographed whole, not across its middle.
    page.evaluate("document.querySelectorAll('.tabbar').forEach(one => { one.style.position = 'static' })")
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    width = int(page.viewport_size["width"]) if page.viewport_size else 360
    if tall > TALLEST:
        page.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": TALLEST})
    else:
        page.screenshot(path=file, full_page=True)


def take(chromium: Browser, site: Site, shots: list[Shot], look: Look, username: str | None, album: Album) -> None:
    """Photograph these pages of one role in one look."""
    out = album.out
    with album.attempt("pages"), opened(chromium, site, look, username) as page:
        for number, shot in enumerate(shots, 1):
            name = f"{shot.role}/{look.name}/{number:03}-{re.sub(r'[^a-z0-9]+', '-', shot.rule)}.png"
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            with album.attempt(shot.rule):
                page.goto(site.url + shot.address)
                photograph(page, out / name)
                shot.files[look.name] = name


def states(chromium: Browser, site: Site, look: Look, album: Album) -> None:
    """What no link leads to: a page not there, a form sent empty, the middle and the end of a role-play, and a line that drops, anywhere."""
    users = dict(ACCOUNTS)
    told: list[tuple[str, str | None, Callable[[Page, Site, Album], None]]] = [
        ("sign-in-refused", None, _refused),
        ("not-found", users["employee"], _not_found),
        *((f"role-play-{device}", users["employee"], partial(_played, device=device)) for device in reversed(DEVICES)),
        ("quiz-without-a-line", users["employee"], _quiz_without_a_line),
        ("lesson-without-a-line", users["employee"], _lesson_without_a_line),
        ("form-sent-empty", users["hr"], _sent_empty),
    ]
    for name, username, state in told:
        # Each in a browser of its own: a line that dropped in one is no matter of the next.
        with album.attempt(name), opened(chromium, site, look, username) as page:
            state(page, site, album)


def _refused(page: Page, _site: Site, album: Album) -> None:
    page.fill("input[name=login]", "kerem")
    page.fill("input[name=password]", "yanlış")
    page.click("main form .button-primary")
    page.wait_for_load_state()
    album.keep(page, "sign-in-refused")


def _not_found(page: Page, site: Site, album: Album) -> None:
    page.goto(f"{site.url}/nowhere")
    album.keep(page, "not-found")
    page.goto(f"{site.url}/people")
    album.keep(page, "not-allowed")


def _played(page: Page, site: Site, album: Album, device: str) -> None:
    """A role-play on one device; the one on the phone loses its line, and is played to its end."""
    story = DEVICES[device]
    page.goto(f"{site.url}/roleplays/{story}/")
    page.click(f"form[action='/roleplays/{story}/runs'] button")
    page.wait_for_url("**/roleplay-runs/*")
    album.keep(page, f"role-play-{device}-first-scene")
    _answer(page)
    album.keep(page, f"role-play-{device}-answered")
    if story != CALL:
        return
    page.wait_for_selector("form[data-player][data-ready]:visible")
    page.context.set_offline(True)
    page.click(".replies button[name=choice] >> nth=0")
    page.wait_for_selector("[data-saved][data-state=waiting]:visible")
    album.keep(page, "role-play-without-a-line")
    _with_a_line(page)
    page.reload()
    for _scene in range(20):
        if not page.locator(".replies").count():
            break
        _answer(page)
    album.keep(page, "role-play-ended")
    page.goto(page.url.rstrip("/") + "/debrief")
    album.keep(page, "debrief")


def _quiz_without_a_line(page: Page, site: Site, album: Album) -> None:
    asked = _one_of_several(page, site)
    page.locator(f"{asked} .options label").first.click()
    page.locator(f"{asked} label:has([name=confidence])").nth(1).click()
    page.context.set_offline(True)
    page.click(f"{asked} form .button-primary")
    page.wait_for_selector("[data-saved][data-state=waiting]:visible")
    album.keep(page, "quiz-without-a-line")
    _with_a_line(page)


def _one_of_several(page: Page, site: Site) -> str:
    """Open a question of which one of several is to be chosen and that has no answer yet, and where it stands; which ones are asked is drawn."""
    for quiz in QUIZZES:
        page.goto(f"{site.url}/quizzes/{quiz}/")
        page.locator("main .button-primary").first.click()
        page.wait_for_url("**/quiz-attempts/*")
        # Before its script runs all the questions stand below each other.
        page.wait_for_selector("[data-quiz][data-ready]")
        open_ones = page.locator("[data-question]:not([data-answered]):has(.options input[type=radio][name=answer])")
        if open_ones.count():
            asked = f"[id='{open_ones.first.get_attribute('id')}']"
            while not page.locator(asked).is_visible():
                page.click("[data-question]:visible [data-next]")
            return asked
    raise RuntimeError("no question of the quizzes is left without an answer")


def _lesson_without_a_line(page: Page, site: Site, album: Album) -> None:
    page.goto(f"{site.url}/learn/{LESSON}")
    page.fill("textarea[name=note]", "Kapıda karşıla, adıyla seslen.")
    page.wait_for_selector("#my-note form[data-ready]")
    page.context.set_offline(True)
    page.click("#my-note button")
    page.wait_for_selector("#my-note [data-saved][data-state=waiting]:visible")
    album.keep(page, "lesson-without-a-line")
    _with_a_line(page)


def _sent_empty(page: Page, site: Site, album: Album) -> None:
    page.goto(f"{site.url}/people/new")
    # The browser would say it in its own words, and in its own language.
    page.eval_on_selector_all("main form", "all => all.forEach(form => { form.noValidate = true; })")
    page.click("main form .button-primary")
    page.wait_for_load_state()
    album.keep(page, "form-sent-empty")


def _with_a_line(page: Page) -> None:
    """The line is back, and what waited is sent."""
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("() => !Object.keys(localStorage).some(key => key.startsWith('trainee.queue.') && localStorage[key] !== '[]')")


def doings(chromium: Browser, site: Site, look: Look, seen: dict[str, dict[str, str]], turn: int, album: Album) -> None:
    """What stands behind a form or in a mail alone, come to by what a person does."""
    users = dict(ACCOUNTS)
    for role, story in STORIES:
        with album.attempt(story.__name__), opened(chromium, site, look, users[role]) as page:
            for name in story(page, Place(site.url, site.folder, seen.get(role, {}), turn)):
                album.keep(page, name)


def beginning(chromium: Browser, look: Look, album: Album) -> None:
    """An installation of its own with nobody in it: each step of the guided start, every page with nothing to show, one of something, and many."""
    with tempfile.TemporaryDirectory() as made, served(Path(made), demo=False) as site:
        with album.attempt("guided-start"):
            _begun(chromium, site, look, album)
        with album.attempt("nothing-yet"):
            shots = pages_of(chromium, site, "empty", "ayla", 1, "")
            with opened(chromium, site, look, "ayla") as page:
                for shot in shots:
                    if not shot.rule.startswith("starting."):
                        with album.attempt(f"nothing-yet-{shot.rule}"):
                            page.goto(site.url + shot.address)
                            album.keep(page, f"nothing-yet-{shot.rule}")
        with album.attempt("one"), opened(chromium, site, look, "ayla") as page:
            _one(page, site, album)
        with album.attempt(f"list-of-{MANY}"):
            _taken_in(site.folder, MANY)
            with opened(chromium, site, look, "ayla") as page:
                page.goto(f"{site.url}/people")
                album.keep(page, f"list-of-{MANY}")


def _begun(chromium: Browser, site: Site, look: Look, album: Album) -> None:
    """The guided start, from its code to the list of its steps."""
    code = _command(site.folder, "people", "start-code").split()[-1]
    with opened(chromium, site, look, None, "/start") as page:
        album.keep(page, "start")
        typed = {"name": "Ayla Deniz", "username": "ayla", "password": PASSWORD, "again": PASSWORD}
        for given, name in (("AAAA-AAAA-AAAA", "start-refused"), (code, "setup-name")):
            for field_name, value in {"code": given, **typed}.items():
                page.fill(f"main [name={field_name}]", value)
            page.click("main form .button-primary")
            page.wait_for_load_state()
            album.keep(page, name)
        page.fill("main [name=name]", "Çınar Çağrı Merkezi")
        page.click("main form .button-primary")
        page.wait_for_load_state()
        for name, step in (("logo", "/setup/logo"), ("people", "/people/imports"), ("module", "/setup/module"), ("all", "/setup")):
            page.goto(site.url + step)
            album.keep(page, f"setup-{name}")


def _one(page: Page, site: Site, album: Album) -> None:
    """Exactly one of something: one file, one who cannot sign in yet, one thing assigned, to one; and where numbers of it are told."""
    _taken_in(site.folder, 1)
    page.goto(f"{site.url}/setup/module")
    page.click("main .rows .row-title >> nth=0")
    page.wait_for_selector("[name=why]")
    album.keep(page, "one-to-assign")
    page.click("main form .button-primary")
    page.wait_for_selector("h1")
    for name, (rule, values) in ONE.items():
        with album.attempt(f"one-{name}"):
            page.goto(site.url + site.rules.build(rule, values))
            album.keep(page, f"one-{name}")


def _taken_in(folder: Path, many: int) -> None:
    """Take in so many people from a file; whoever is there already stays."""
    rows = "".join(f"kisi{number:03};Kişi {number:03} Yıldız;Satış danışmanı\n" for number in range(1, many + 1))
    (folder / "people.csv").write_text("username;name;job\n" + rows, encoding="utf-8")
    _command(folder, "people", "import", str(folder / "people.csv"), "--apply", "--as", "ayla")


def _command(folder: Path, *words: str) -> str:
    """What a command of the program says."""
    done = subprocess.run([sys.executable, "-m", "trainee", *words], env=_settings(folder), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"trainee {' '.join(words)} did not work: {done.stdout}{done.stderr}")
    return done.stdout


def _answer(page: Page) -> None:
    """Answer the open scene in whatever way it asks for: the first that is offered, or a sentence."""
    before = page.locator(".replies input[name=key]").first.get_attribute("value")
    if page.locator(".replies button[name=choice]").count():
        page.click(".replies button[name=choice] >> nth=0")
    elif page.locator("textarea[name=text]").count():
        page.fill("textarea[name=text]", "Haklısınız, çok üzgünüm. Hemen bakıyorum ve bugün 16:00'da sizi arıyorum.")
        page.click(".replies-typed .button-primary")
    else:
        wanted = page.locator(".replies [data-tick]")
        # As many as are asked for, where something is to be seen; else the ticks under a reply of one's own stay as they are proposed.
        many = int(wanted.get_attribute("data-tick") or 0) if wanted.count() else 0
        for label in page.locator(".replies label:has(input[type=checkbox])").all()[:many]:
            label.click()
        page.click(".replies .button-primary")
    page.wait_for_function("key => document.querySelector('.replies input[name=key]')?.value !== key", arg=before)


def unseen(site: Site, shots: list[Shot]) -> list[str]:
    """Pages of the table of rights that can be opened and were not photographed; files and what programs read are none."""
    return sorted((set(TABLE) & site.readable) - NO_PAGES - {shot.rule for shot in shots} - {site.rule_of(shot.address) for shot in shots})


def main() -> None:
    """Photograph what was asked for."""
    chosen = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    chosen.add_argument("--out", type=Path, default=ROOT / "screenshots")
    chosen.add_argument("--data", type=Path, help="a folder with the demonstration, kept from another time; else one is built and thrown away")
    chosen.add_argument("--role", action="append", choices=[*dict(ACCOUNTS), VISITOR, "doings", "states", "empty"])
    chosen.add_argument("--width", action="append", type=int, choices=WIDTHS)
    chosen.add_argument("--theme", action="append", choices=THEMES)
    chosen.add_argument("--language", action="append", choices=LANGUAGES)
    chosen.add_argument("--examples", type=int, default=1, help="how many of each kind of page")
    chosen.add_argument("--only", default="", help="only pages with this in their name, such as reports.")
    chosen.add_argument("--before", type=Path, help="the folder of an earlier run, to be set side by side with this one")
    chosen.add_argument("--compare-only", action="store_true", help="photograph nothing: --out holds the later run already")
    args = chosen.parse_args()
    if args.before and not args.before.is_dir():
        sys.exit(f"There is no folder {args.before}. --before takes the folder of an earlier run.")
    if args.compare_only:
        if not args.before or not args.out.is_dir():
            sys.exit("--compare-only sets two runs side by side: give --before and --out, each with the folder of a run.")
        tell_compared(args.before, args.out)
        return
    if CHROMIUM is None:
        sys.exit("There is no Chromium on this machine. On Debian: apt-get install chromium")
    looks = [
        Look(width, theme, language) for width in args.width or WIDTHS for theme in args.theme or THEMES for language in args.language or LANGUAGES
    ]
    roles = args.role or [VISITOR, *dict(ACCOUNTS), "doings", "states", "empty"]
    whole = not args.role and not args.only
    args.out.mkdir(parents=True, exist_ok=True)
    shots: list[Shot] = []
    broken: list[str] = []
    seen: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright, ExitStack() as until_the_end:
        folder = Path(made)
        if args.data:
            # What is done on the pages here does not change what was kept.
            shutil.copytree(args.data, folder, dirs_exist_ok=True)
        site = until_the_end.enter_context(served(folder))
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for role in roles:
            if role == "doings":
                told = dict(STORIES)
                for name in told:
                    if name not in seen:
                        seen[name] = {one.rule: one.address for one in pages_of(chromium, site, name, dict(ACCOUNTS)[name], 1, "")}
                for turn, look in enumerate(looks):
                    album = Album(role, look, args.out)
                    doings(chromium, site, look, seen, turn, album)
                    shots, broken = shots + album.shots, broken + album.broken
                continue
            if role in {"states", "empty"}:
                for look in looks:
                    album = Album(role, look, args.out)
                    if role == "states":
                        states(chromium, site, look, album)
                    else:
                        beginning(chromium, look, album)
                    shots, broken = shots + album.shots, broken + album.broken
                continue
            username = dict(ACCOUNTS).get(role)
            for language in dict.fromkeys(look.language for look in looks):
                found = pages_of(chromium, site, role, username, args.examples, args.only, language)
                if not args.only:
                    seen[role] = {one.rule: one.address for one in found}
                for look in looks:
                    if look.language == language:
                        album = Album(role, look, args.out)
                        take(chromium, site, found, look, username, album)
                        broken += album.broken
                        print(f"{role} {look.name}: {len(found)} pages", flush=True)
                shots += found
        bind(chromium, shots, looks, args.out, unseen(site, shots) if whole else [])
        chromium.close()
    many = sum(len(shot.files) for shot in shots)
    told = f" Not reached: {', '.join(unseen(site, shots)) or 'nothing'}." if whole else ""
    print(f"{many} photographs in {args.out}; open index.html.{told}")
    if args.before:
        tell_compared(args.before, args.out)
    if broken:
        sys.exit(f"Not photographed: {', '.join(broken)}.")


def tell_compared(before: Path, after: Path) -> None:
    """Set two runs side by side, and say how many pages have changed."""
    found = compare(before, after)
    if not found:
        sys.exit(f"{before} and {after} have no role in one look in common, so there is nothing to set side by side.")
    other = [pair for pair in found if pair.share >= SAME]
    print(f"{len(other)} of {len(found)} pages look otherwise than in {before}; open {after / 'compared' / 'index.html'}.")


if __name__ == "__main__":
    main()
