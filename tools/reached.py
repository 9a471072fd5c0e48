"""Pages that no link leads to: what their addresses are, and what one does to come to them.

An address is filled in from those of other pages: whoever has seen /people/7 can look whether /people/7/ratings opens. What stands only behind a form
is come to by doing what a person would do (`STORIES`); what stands in mails alone is opened from the mail itself.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from itertools import product
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BuildError, MapAdapter

from trainee.app import create_app
from trainee.config import Config
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.modules.library.bundle import from_folder
from trainee.notices.mailing import token_of
from trainee.people import Person
from trainee.voice.asking.mailing import send_invitations
from trainee.voice.surveys.actions import Place as About
from trainee.voice.surveys.actions import invite

MODULE = Path(__file__).resolve().parent.parent / "tests" / "data" / "good" / "tidy-desk"
# So many values of each part of an address are tried, and so many addresses of a page in all.
_EACH, _TRIES = 6, 30
PRIMARY = "main form .button-primary"


def filled(rules: MapAdapter, wanted: str, seen: Iterable[str]) -> list[str]:
    """Addresses that the page `wanted` may have, by the parts of addresses that were seen; those that stood together come first."""
    parts = [found for address in seen if (found := _parts(rules, address))]
    found = []
    for rule in rules.map.iter_rules(wanted):
        names = sorted(rule.arguments)
        together = [{name: one[name] for name in names} for one in parts if set(names) <= set(one)]
        alone = [list(dict.fromkeys(one[name] for one in parts if name in one))[:_EACH] for name in names]
        apart = [dict(zip(names, values, strict=True)) for values in product(*alone)]
        for values in [*together, *apart]:
            try:
                found.append(rules.build(wanted, values))
            except BuildError:
                continue
    return list(dict.fromkeys(found))[:_TRIES]


def _parts(rules: MapAdapter, address: str) -> dict[str, Any]:
    try:
        return dict(rules.match(urlsplit(address).path or "/", "GET")[1])
    except HTTPException:
        return {}


@dataclass(frozen=True, slots=True)
class Place:
    """The site that is photographed: where it is, where its data lie, what was seen there, and how often a story was told before."""

    url: str
    folder: Path
    seen: dict[str, str]
    turn: int

    def of(self, rule: str) -> str:
        """Where a page of that rule was seen."""
        return self.url + self.seen[rule]


Story = Callable[[Page, Place], Iterator[str]]


def a_customer_answers(page: Page, place: Place) -> Iterator[str]:
    """From the printed code to the thanks."""
    page.goto(place.of("surveys.sheet"))
    code = re.search(r"/s/[\w-]+", page.content())
    page.context.clear_cookies()
    page.goto(place.url + (code[0] if code else "/s/none") + f"?lang={page.get_attribute('html', 'lang')}")
    yield "asking.ask"
    for steps in page.locator(".ask-steps:visible").all():
        steps.locator("label").last.click()
    # Nobody reads and answers within a second, and what does is no person.
    page.wait_for_timeout(2500)
    page.click("main form .button-primary")
    page.wait_for_selector(".asking-thanks")
    yield "asking.ask-thanks"


def what_stands_in_mails(page: Page, place: Place) -> Iterator[str]:
    """A customer who was invited wants to be asked no more; a colleague wants no mails."""
    lang = page.get_attribute("html", "lang") or "tr"
    survey = int(re.findall(r"\d+", place.seen["surveys.invite"])[0])
    box: list[EmailMessage] = []
    # The letters are read here and go nowhere; their addresses are those of the site that is photographed.
    app = create_app(Config(data_dir=str(place.folder), base_url=place.url, smtp_host="localhost", mail_from="trainee@example.org"))
    with app.app_context():
        # The demonstration has no mail server, so nobody is invited on its pages.
        writer = db.session.scalars(select(Person.id).where(Person.username == "hatice")).one()
        invite(survey, [(f"musteri{place.turn}@example.org", About("E-posta"), lang)], batch=f"seen-{place.turn}", by_id=writer, at=now())
        db.session.commit()
        for _done in send_invitations(now() + timedelta(minutes=1), _Box(box)):
            db.session.commit()
        token = token_of(writer)
    words = "".join(part.get_content() for one in box for part in one.walk() if part.get_content_type() == "text/plain")
    code = re.search(r"/s/[\w-]+", words)
    page.context.clear_cookies()
    page.goto(f"{place.url}{code[0] if code else '/s/none'}/stop?lang={lang}")
    yield "asking.stop"
    page.goto(f"{place.url}/unsubscribe/{token}")
    yield "notices.unsubscribe"


class _Box:
    """Takes mails and sends none."""

    def __init__(self, taken: list[EmailMessage]) -> None:
        self._taken = taken

    def send(self, message: EmailMessage) -> None:
        self._taken.append(message)


def a_newcomer_is_invited(page: Page, place: Place) -> Iterator[str]:
    """HR makes an account, and its link is opened."""
    page.goto(place.url + "/people/new")
    page.fill("main [name=name]", f"Deniz Yeni {place.turn}")
    page.fill("main [name=username]", f"deniz.yeni{place.turn}")
    page.fill("main [name=job]", "Kasiyer")
    page.click(PRIMARY)
    page.wait_for_load_state()
    page.click("main form[action$='/links'] button")
    page.wait_for_load_state()
    link = re.search(r"/welcome/[\w.-]+", page.content())
    lang = page.get_attribute("html", "lang")
    page.context.clear_cookies()
    page.goto(place.url + (link[0] if link else "/welcome/none"))
    if page.get_attribute("html", "lang") != lang:
        page.click(".top button[name=language]")
        page.wait_for_selector(f"html[lang={lang}]")
    yield "people.welcome"


def a_file_of_people(page: Page, place: Place) -> Iterator[str]:
    """A file is chosen, its columns are read, and what would happen is shown."""
    rows = f"Ad Soyad;Kullanıcı adı;Görev\nIşıl Şener {place.turn};isil.sener{place.turn};Satış danışmanı\n;adsiz{place.turn};Kasiyer\n"
    page.goto(place.url + "/people/imports")
    page.set_input_files("main input[type=file]", {"name": "ekim-baslayanlar.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.click(PRIMARY)
    page.wait_for_url("**/columns")
    yield "imports.columns"
    page.click("main #import-columns .button-primary")
    page.wait_for_url(re.compile(r"/people/imports/\d+$"))
    yield "imports.one"


def a_module_from_its_files(page: Page, place: Place) -> Iterator[str]:
    """An archive is brought, checked and looked at."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in from_folder(MODULE).files.items():
            archive.writestr(f"tidy-desk/{name}", data)
    page.goto(place.url + "/publishing")
    page.set_input_files("main input[type=file]", {"name": "tidy-desk.zip", "mimeType": "application/zip", "buffer": out.getvalue()})
    page.click(PRIMARY)
    page.wait_for_url("**/publishing/draft")
    yield "publishing.draft"


def an_expectation_is_begun(page: Page, place: Place) -> Iterator[str]:
    """Whom it is for, and its words."""
    page.goto(place.url + "/expectations/new")
    page.eval_on_selector("main [name=whom]", "one => { one.value = [...one.options].find(each => each.value.startsWith('person/')).value }")
    page.eval_on_selector("main [name=skill]", "one => { one.value = [...one.options].find(each => each.value).value }")
    page.locator("main [name=level]").nth(2).check(force=True)
    page.click(PRIMARY)
    page.wait_for_url(re.compile(r"/expectations/drafts/\d+$"))
    yield "expectations.draft"
    page.goto(page.url + "/whom")
    yield "expectations.draft_whom"


def a_quiz_is_taken(page: Page, place: Place) -> Iterator[str]:
    """A question, a question that was answered, handing in, and the result."""
    page.goto(place.of("quizzes.quiz"))
    page.click("main .button-primary")
    page.wait_for_url("**/quiz-attempts/*")
    yield "quizzes.attempt"
    page.goto(page.url + "/handing-in")
    yield "quizzes.hand_in"
    page.click("main form[action$='/handing-in'] button")
    page.wait_for_url("**/result")
    yield "quizzes.result"


def contacts_are_drawn(page: Page, place: Place) -> Iterator[str]:
    """From a list of contacts, by chance."""
    page.goto(place.of("draws.draws"))
    page.fill("main [name=references]", "\n".join(f"CAGRI-{place.turn}{number:03}" for number in range(1, 13)))
    page.click(PRIMARY)
    page.wait_for_url(re.compile(r"/draws/\d+$"))
    yield "draws.drawn"


def a_table_is_kept(page: Page, place: Place) -> Iterator[str]:
    """A table of one's own, under a name."""
    page.goto(place.url + "/reports/table")
    page.locator("main a[href*='rows=']").first.click()
    page.fill("main form[action='/reports/tables'] [name=name]", f"Ayın tablosu {place.turn}")
    page.click("main form[action='/reports/tables'] button")
    page.wait_for_url(re.compile(r"/reports/tables/\d+$"))
    yield "tables.kept"


def a_job_of_the_handbook(page: Page, place: Place) -> Iterator[str]:
    """What a job is expected to reach, behind its entry."""
    page.goto(place.url + "/service/book/position")
    page.locator("main a[href^='/service/book/position/']").first.click()
    page.locator("main a[href^='/service/jobs/']").first.click()
    page.wait_for_url("**/service/jobs/*")
    yield "jobs.job"


def a_module_is_opened_early(page: Page, place: Place) -> Iterator[str]:
    """Somebody gets a path, and a step of it that is still locked."""
    page.goto(place.of("dashboards.assign"))
    person = page.url.split("/assignments")[0]
    page.eval_on_selector("main [name=what]", "one => { one.value = [...one.options].find(each => each.value.startsWith('path/')).value }")
    page.fill("main [name=why]", f"Sırayla ilerlesin ({place.turn}).")
    page.click(PRIMARY)
    page.wait_for_load_state()
    page.goto(person)
    page.goto(place.url + str(page.locator("main a[href*='/openings/']").first.get_attribute("href")))
    yield "plans.open_early"


# Who tells each, by the roles of the demonstration's accounts.
STORIES: Final[tuple[tuple[str, Story], ...]] = (
    ("hr", a_customer_answers),
    ("hr", what_stands_in_mails),
    ("hr", a_newcomer_is_invited),
    ("hr", a_file_of_people),
    ("trainer", a_module_from_its_files),
    ("supervisor", an_expectation_is_begun),
    ("employee", a_quiz_is_taken),
    ("supervisor", contacts_are_drawn),
    ("hr", a_table_is_kept),
    ("hr", a_job_of_the_handbook),
    ("supervisor", a_module_is_opened_early),
)
