"""Each user's journeys, walked with a clock: how many taps they take is pinned, how long they take a person is held below a target.

What is counted is kept in tests/browser/journeys and told in docs/journeys.md; how, stands in tools/journeys.py.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from tests.browser.conftest import PASSWORD, PATIENCE
from tests.browser.steps import CALL, fill, reply, rest, tick
from tests.browser.walking import Walk
from trainee import plans, profile
from trainee.coaching import Observation
from trainee.coaching.sessions import CoachingSession
from trainee.kit import clock
from trainee.kit.db import db
from trainee.modules import library
from trainee.modules.library import module_or_404
from trainee.modules.library.bundle import from_folder
from trainee.modules.questions import as_multi, kind_of
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.quizzes.queries import questions_of
from trainee.modules.reviews import ReviewSet
from trainee.modules.reviews import queries as reviews
from trainee.modules.roleplays.queries import current
from trainee.modules.roleplays.search import explore
from trainee.people import actions as people
from trainee.people.models import Person
from trainee.plans.models import Assignment
from trainee.profile import Showing

pytestmark = pytest.mark.browser
GOOD = Path(__file__).resolve().parents[1] / "data" / "good" / "tidy-desk"
# Words that a walk looks for; those of Turkish first.
SAID = {
    "rows": ("Satırları", "Its rows"),
    "empathy": ("Empati", "Empathy"),
    "assign": ("Görev ver", "Assign something"),
    "observe": ("Gözlemle", "Observe"),
    "coach": ("Koçluk görüşmesi hazırla", "Prepare a coaching session"),
    "done": ("Aşağıdakilerin hepsi yapıldı", "Everything below is done"),
}
SIZES = {True: {"width": 360, "height": 740}, False: {"width": 1440, "height": 900}}
Walks = Callable[..., Walk]


@pytest.fixture(params=["tr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """A journey that asks for it is walked in both languages."""
    return str(request.param)


def said(key: str, language: str) -> str:
    """What the page says there."""
    return SAID[key][language == "en"]


@pytest.fixture
def opens(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a phone, or a screen in the office, of one's own."""
    contexts = []

    def page(phone: bool = True, language: str = "tr-TR") -> Page:
        context = chromium.new_context(viewport=SIZES[phone], locale=language, reduced_motion="reduce", has_touch=phone)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


@pytest.fixture
def walks(opens: Callable[..., Page], site: str, cast: SimpleNamespace) -> Walks:
    """Opens Today for somebody who has signed in, and begins to count."""

    def begin(username: str, key: str, phone: bool = True, language: str = "tr") -> Walk:
        page = opens(phone)
        page.goto(f"{site}/sign-in")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main form .button-primary")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        if page.get_attribute("html", "lang") != language:
            page.click(".top button[name=language]")
        expect(page.locator("html")).to_have_attribute("lang", language)
        walk = Walk(page, key)
        page.goto(f"{site}/")
        return walk

    return begin


def show(person_id: int, skill: str, source: str, score: float, many: int) -> None:
    """Let somebody have shown a skill, one piece a day until yesterday."""
    today = clock.now()
    item = f"{CALL}" if source == "roleplay_choice" else f"{skill}/quiz"
    for number in range(many):
        at = today - timedelta(days=many - number)
        profile.record([Showing(person_id, skill, source, score, f"{item}/{number}", at, f"{source}/{skill}/{number}")], at)
    db.session.commit()


# The employee --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def invited(cast: SimpleNamespace) -> str:
    """What Amir's one-time link ends with; the module of the first day is assigned to him."""
    plans.assign(cast.amir, "greeting", at=clock.now(), given_by_id=cast.chloe, why="Hepimiz bununla başladık.")
    token = people.make_link(db.session.get_one(Person, cast.amir), "invitation", clock.now(), cast.ela)
    people.choose_language(cast.amir, "tr")
    db.session.commit()
    return token


def test_first_sign_in_to_the_first_finished_lesson(invited: str, site: str, opens: Callable[..., Page]) -> None:
    page = opens()
    page.goto(f"{site}/welcome/{invited}")
    walk = Walk(page, "first-lesson")
    walk.step("choose a password", "main")
    for name in ("password", "again"):
        walk.type(f"input[name={name}]", "bir cümle yeter")
    walk.go("main form .button-primary", r":\d+/$")
    walk.step("read what comes first, and begin", ".page-header", ".today-first")
    walk.go(".today-first .button-primary", "/learn/greeting/")
    walk.step("read the lesson and answer its checks", ".reading")
    for question in module_or_404("greeting")[1].lessons[0].checks:
        part = f"#check-{question.id}"
        tick(page.locator(f"{part} .option input").first)
        walk.tap(f"{part} .button-primary")
        page.locator(f"{part} .verdict").wait_for()
        walk.reads(f"{part} .verdict")
    expect(page.locator(".lesson-done").last).to_be_visible()
    walk.end("tr")


@pytest.fixture
def missed(cast: SimpleNamespace) -> None:
    """Amir took a quiz the day before yesterday and knew little of it."""
    at = clock.now() - timedelta(days=2)
    attempt = quizzes.begin(cast.amir, "greeting", at)
    for number, question in enumerate(questions_of(library.module(attempt.version_id), attempt)):
        kind = kind_of(question)
        wrong = next(guess for draw in range(500) if kind.mark(question, guess := kind.guess(question, Random(draw))).score < 0.6)
        form = MultiDict(as_multi(kind.form(question, wrong, attempt.seed)))
        form.update({"key": str(number), "confidence": "guess"})
        quizzes.save_answer(attempt.id, cast.amir, question.id, form, "tr", at)
    quizzes.hand_in(attempt.id, cast.amir, at)
    db.session.commit()


def test_the_daily_three_minutes(missed: None, walks: Walks, cast: SimpleNamespace) -> None:
    walk = walks("amir", "three-minutes")
    page = walk.page
    walk.step("read what comes first, and begin", ".page-header", ".today-first")
    walk.go(".today-first .button-primary", "/reviews$")
    db.session.rollback()
    drawn = db.session.execute(select(ReviewSet)).scalar_one()
    # One question at a time, also where nothing is handed in at the end.
    expect(page.locator("section[data-question]:visible")).to_have_count(1)
    walk.step("four questions, each with how sure one is", "section[data-question]:visible")
    for place in range(1, len(drawn.items) + 1):
        part = f"#r-{place}"
        expect(page.locator(part)).to_be_visible()
        if place > 1:
            walk.reads(part)
        item, version_id = drawn.items[place - 1]
        question = reviews.question_of(library.module(version_id), item)
        assert question is not None
        kind = kind_of(question)
        rest(page)
        fill(page, f"{part} form", kind.form(question, kind.right(question), reviews.seed_of(drawn, place)))
        if page.locator(f"{part} [name=confidence]").count():
            tick(page.locator(f"{part} [name=confidence][value=fairly]"))
        walk.tap(f"{part} form .button-primary")
        page.locator(f"{part} .verdict").wait_for()
        walk.reads(f"{part} .verdict")
        walk.tap(f"{part} [data-next]")
    expect(page.locator("#end")).to_be_visible()
    walk.step("that is all: back to Today", "#end")
    walk.go(page.locator("#end a[href='/']"), r":\d+/$")
    walk.end("tr")


def test_a_role_play_and_its_debrief(walks: Walks, site: str) -> None:
    _version, story = current(CALL)
    ways = explore(story)
    best = max(ways, key=lambda end: story.endings[end[0]].rank)
    walk = walks("amir", "role-play")
    page = walk.page
    page.goto(f"{site}/roleplays/{CALL}/")
    walk.step("read whom one meets, and begin", "main")
    walk.go("main form .button-primary", r"/roleplay-runs/\d+")
    walk.step("play the call to its best ending")
    for given in ways[best]:
        before = page.locator(".replies input[name=key]").first.get_attribute("value")
        rest(page)
        walk.reads(".replies")
        if "text" in given:
            walk.type("textarea[name=text]", given["text"])
        walk.tap(reply(page, given))
        page.wait_for_function("key => document.querySelector('.replies input[name=key]')?.value !== key", arg=before)
    walk.go(page.locator("main a.button-primary:visible"), "/debrief$")
    walk.step("read how it ended and what would have gone otherwise", "main header", "main .notice", "main section >> nth=0")
    walk.end("tr")


@pytest.fixture
def known(cast: SimpleNamespace) -> None:
    """Amir has shown how well he knows empathy."""
    show(cast.amir, "empathy", "quiz_answer", 0.9, 12)


def test_why_a_level_is_what_it_is(known: None, walks: Walks, language: str) -> None:
    walk = walks("amir", "why", language=language)
    page = walk.page
    walk.step("find the level on Today", "#standing", ".skills-sheet .meter >> nth=0")
    walk.go(page.locator(".skills-sheet a", has_text=said("empathy", language)), "/skills/empathy")
    walk.step("read why, and open the rows behind it", "main .card >> nth=0", "main section >> nth=0")
    walk.go(page.locator("main a", has_text=said("rows", language)), "/skills/empathy")
    walk.end(language)


# The supervisor ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def unpractised(cast: SimpleNamespace) -> None:
    """Amir knows how to listen and cannot do it yet when he plays."""
    show(cast.amir, "empathy", "quiz_answer", 1.0, 24)
    show(cast.amir, "empathy", "roleplay_choice", 0.1, 16)


def test_monday_page_to_an_assigned_role_play(unpractised: None, walks: Walks, site: str, cast: SimpleNamespace, language: str) -> None:
    walk = walks("chloe", "monday", phone=False, language=language)
    page = walk.page
    walk.step("open the team", ".page-header")
    walk.go("nav a[href='/team']", "/team$")
    row = page.locator("li.row", has_text="Amir Kaya")
    walk.step("read who needs one first, and why", ".page-header", "li.row >> nth=0")
    walk.go(row.get_by_role("link", name=said("assign", language)), "/assignments/new")
    walk.step("read what is proposed, and assign it", "main h1", "main label", "textarea[name=why]")
    expect(page.locator("select[name=what]")).to_have_value(re.compile("^roleplay/"))
    walk.go("main .card form .button-primary", "/team$")
    expect(page.locator(".flashes, [role=status]").first).to_contain_text("Amir Kaya")
    walk.end(language)
    db.session.rollback()
    assert db.session.execute(select(Assignment.kind).where(Assignment.person_id == cast.amir)).scalars().all() == ["roleplay"]


def test_an_observation_on_a_phone(walks: Walks, language: str) -> None:
    """Every line marked, one note written, what frames the contact marked too."""
    walk = walks("chloe", "observation", language=language)
    page = walk.page
    walk.step("open the team", ".page-header")
    walk.go("nav a[href='/team']", "/team$")
    walk.step("find the person", ".page-header", "li.row-title")
    walk.go(page.locator("main a", has_text="Amir Kaya"), r"/people/\d+$")
    walk.step("observe", ".page-header")
    walk.go(page.get_by_role("link", name=said("observe", language)).first, "/observations/new")
    page.wait_for_selector("form[data-drafting]")
    skills = [str(one.get_attribute("id")).removeprefix("line-") for one in page.locator("[data-line]").all()]
    # Who has practice knows the card: she reads its lines, and the anchors only where she doubts. For the first time one reads all of it.
    walk.step("mark every line, write one note, send it", "main h1", "main fieldset legend")
    walk.unpractised("main h1", "main form[data-draft]")
    tick(page.locator("input[name=opening][value='3']"))
    for number, skill in enumerate(skills):
        tick(page.locator(f"input[name=level_{skill}][value='{'4' if number == 1 else '3' if number % 2 else '2'}']"))
    walk.type(f"textarea[name=note_{skills[1]}]", "Tek cümleyle özetledi.")
    for name in ("respectful", "professional"):
        tick(page.locator(f"input[name={name}][value=yes]"))
    walk.go("main form[data-draft] .button-primary", r"/observations/\d+$")
    walk.end(language)
    db.session.rollback()
    assert len(db.session.scalars(select(Observation.id)).all()) == 1


def test_a_coaching_session_with_its_action(unpractised: None, walks: Walks, site: str, cast: SimpleNamespace, language: str) -> None:
    walk = walks("chloe", "coaching", language=language)
    page = walk.page
    page.goto(f"{site}/people/{cast.amir}")
    walk.step("read the gap, and prepare a talk", ".page-header", "#gaps article >> nth=0")
    walk.go(page.get_by_role("link", name=said("coach", language)).first, "/coaching")
    walk.step("promise the talk", "main h1", "#promise")
    walk.go("#promise .button-primary", r"/coaching/\d+")
    walk.step("write what was seen and the one action agreed on", "main h1", "#agreement")
    walk.type("#agreement [name=seen]", "Müşteri bitirmeden çözüme geçti.")
    walk.type("#agreement [name=action]", "Önce dinler, sonra tek cümleyle özetler.")
    walk.tap("#agreement .button-primary")
    page.wait_for_selector("#agreed")
    walk.end(language)
    db.session.rollback()
    assert db.session.execute(select(CoachingSession.action)).scalars().all() == ["Önce dinler, sonra tek cümleyle özetler."]


# HR ------------------------------------------------------------------------------------------------------------------------

PEOPLE = """Ad Soyad;Kullanıcı adı;Unvan;Ekip;E-posta
Zeynep Ak;zeynep.ak;Satış danışmanı;Ours;zeynep.ak@mavikapi.example
Ömer Şen;omer.sen;Satış danışmanı;Ours;
İrem Çağ;irem.cag;Satış danışmanı;Theirs;
"""


def test_a_people_file_to_a_clean_import(walks: Walks, language: str) -> None:
    walk = walks("ela", "import", phone=False, language=language)
    page = walk.page
    walk.step("open the people", ".page-header")
    walk.go("nav a[href='/people']", "/people$")
    walk.step("open the files", ".page-header")
    walk.go("main a[href='/people/imports']", "/people/imports$")
    walk.step("choose the file", ".page-header", "main form")
    walk.file("input[type=file]", {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()})
    walk.go("main form .button-primary", "/columns$")
    walk.step("see what each column is taken for", ".page-header", "main th", "main form .choices, main form legend")
    walk.go("main form .button-primary", r"/people/imports/\d+$")
    walk.step("see what would change, and apply it", ".page-header", ".stats", "main .card")
    walk.tap(page.locator("main .button-primary"))
    expect(page.locator("main")).to_contain_text(said("done", language))
    walk.end(language)
    db.session.rollback()
    assert len(db.session.scalars(select(Person.id).where(Person.username.in_(("zeynep.ak", "omer.sen", "irem.cag")))).all()) == 3


def test_a_monthly_report_to_a_pdf(unpractised: None, walks: Walks, language: str) -> None:
    walk = walks("ela", "report", phone=False, language=language)
    page = walk.page
    walk.step("open the reports", ".page-header")
    walk.go("nav a[href='/reports']", "/reports$")
    walk.step(
        "find the one that tells month by month", ".page-header", "main .row-title >> nth=0", "main .row-title >> nth=1", "main .row-title >> nth=2"
    )
    walk.go("main a[href='/reports/progress']", "/reports/progress$")
    walk.step("take it as a PDF", ".page-header", ".stats, .figures")
    with page.expect_download() as taken:
        walk.tap(page.get_by_role("button", name="PDF"))
    walk.end(language)
    assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")


def test_a_persons_subject_file(walks: Walks, cast: SimpleNamespace, language: str) -> None:
    walk = walks("ela", "subject-file", phone=False, language=language)
    page = walk.page
    walk.step("open the people", ".page-header")
    walk.go("nav a[href='/people']", "/people$")
    walk.step("search for the name")
    walk.type("main input[name=q]", "amir")
    walk.go("main form[role=search] button, main .filters button, main form button >> nth=0", "q=amir")
    walk.step("open the person", "main table")
    walk.go(page.locator("main table a"), "/account$")
    walk.step("open all that is held", "main")
    walk.go(f"main a[href='/people/{cast.amir}/data']", "/data$")
    walk.step("say why, and take it", "main")
    walk.type("main [name=reason]", "Kendisi istedi.")
    with page.expect_download() as taken:
        walk.tap(page.get_by_role("button", name="JSON"))
    walk.end(language)
    assert Path(taken.value.path()).read_bytes().startswith(b"{")


# The trainer ---------------------------------------------------------------------------------------------------------------


def test_a_new_module_from_files_to_published(walks: Walks) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in from_folder(GOOD).files.items():
            archive.writestr(f"tidy-desk/{name}", data)
    walk = walks("ferit", "publishing", phone=False)
    walk.step("open Learn", ".page-header")
    walk.go("nav a[href='/learn']", "/learn$")
    walk.step("publish a module", ".page-header")
    walk.go(".page-header .button-primary", "/publishing$")
    walk.step("choose the archive", "main")
    walk.file("input[type=file]", {"name": "tidy-desk.zip", "mimeType": "application/zip", "buffer": out.getvalue()})
    walk.go("main form .button-primary", "/publishing/draft$")
    walk.step("look at it, and publish", ".page-header", ".facts", "main summary")
    walk.go("main form .button-primary", "/learn/tidy-desk$")
    walk.end("tr")
