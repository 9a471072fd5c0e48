"""Whatever is sent, the answer is a sentence and nothing half done: never a 500, and a refused request changes nothing.

The addresses are those of the application's own map and the forms those of its own pages, so that a new view is asked the same questions.
"""

import json
import re
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from random import Random
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from zlib import crc32

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from trainee import expectations
from trainee.kit.clock import local_date, now
from trainee.kit.db import Base, db
from trainee.modules import library
from trainee.modules.library.bundle import Bundle, unpacked
from trainee.modules.questions import kind_of
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.quizzes.models import QuizAttempt
from trainee.modules.quizzes.queries import questions_of
from trainee.modules.roleplays import actions as roleplays
from trainee.people import actions as people
from trainee.people.models import ROLES, Person, SignIn

WRITING = ("POST", "PUT", "PATCH", "DELETE")
# A number no column holds, one that only the larger kind holds, one that Python itself refuses to read, and none at all.
ABSURD = (
    "0",
    "-1",
    "2147483648",
    "9223372036854775808",
    "9" * 40,
    "9" * 5000,
    "٣",
    "²",
    "1e3",
    "NaN",
    "nobody",
    "%00",
    "%FF%FE",
    "..%2F..",
    "A" * 300,
)
HOSTILE = (
    "",
    " ",
    "-1",
    "9" * 40,
    "9" * 5000,
    "٣",
    "²",
    "NaN",
    "1e999",
    "2026-99-99",
    "%",
    "' OR 1=1 --",
    "<script>",
    "{{7*7}}",
    "\u202e\u200b",
    "💥" * 3000,
)


_GONE = text("SELECT EXISTS (SELECT 1 FROM sign_in WHERE ended_at IS NOT NULL) OR EXISTS (SELECT 1 FROM person WHERE disabled_at IS NOT NULL)")


def _settle() -> bool:
    """Whatever a request did to sign-ins and accounts: everybody is in again for the next one. Whether there was anything to do."""
    db.session.rollback()
    gone = bool(db.session.execute(_GONE).scalar())
    if gone:
        db.session.execute(update(SignIn).values(ended_at=None))
        db.session.execute(update(Person).values(disabled_at=None))
    db.session.commit()
    return gone


def _all_roles(person_id: int, at: datetime) -> None:
    people.set_roles(db.session.get_one(Person, person_id), ROLES, at, None)
    db.session.commit()


@pytest.fixture
def own(app: Flask, cast: SimpleNamespace, at: datetime) -> dict[str, Any]:
    """For the arguments of addresses: something of Ada's own, where there is such a thing. She holds every role."""
    _all_roles(cast.ada, at)
    attempt = quizzes.begin(cast.ada, "greeting", now(), seed="s")
    run = roleplays.begin(cast.ada, library.module_or_404("greeting")[1].stories[0].id, "k", now())
    module = library.module_or_404("greeting")[1]
    # Expected of everybody who works as Ada does, with her objection; and one for Amir's supervisors to write on, which is not there for her.
    terms = expectations.Terms("empathy", 3, local_date(at, "Europe/Istanbul"), why="So.", ways=("quiz",), rhythm="weekly", audience="team")
    expected = expectations.issue(expectations.Scope("job", "adviser"), terms, by_id=cast.ela, at=at)
    expectations.object_to(expected, cast.ada, "No.", "once", at)
    db.session.commit()
    return {
        "expectation_id": expected,
        "answer_id": db.session.scalar(select(func.max(expectations.ExpectationAnswer.id))),
        "module_key": "greeting",
        "lesson_key": module.lessons[0].key,
        "check_id": module.lessons[0].checks[0].id,
        "story": module.stories[0].id,
        "attempt_id": attempt.id,
        "question_id": attempt.drawn[0],
        "run_id": run,
        "person_id": cast.amir,
        "skill": "empathy",
        "skill_key": "empathy",
        "team_id": 1,
    }


def rules(app: Flask, method: str | None = None) -> list[Rule]:
    """Every address of the application, in a fixed order."""
    found = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ())))
    return [rule for rule in found if method is None or method in (rule.methods or ())]


def by_turns(found: list[Any], turn: str) -> list[Any]:
    """All of them on SQLite; on PostgreSQL, which minds what reaches a statement and nothing before it, every twelfth, another each turn."""
    if db.engine.dialect.name == "sqlite":
        return found
    return found[crc32(turn.encode()) % 12 :: 12]


def path_of(rule: Rule, values: dict[str, Any], put: str | None = None, at: str | None = None) -> str:
    """The address with these values in its arguments; `put` takes the place of the argument `at`, or of all of them."""

    def filled(match: re.Match[str]) -> str:
        name = match.group(1).split(":")[-1]
        if put is not None and at in (None, name):
            return put
        return quote(str(values.get(name, 1)))

    return re.sub(r"<([^>]+)>", filled, rule.rule)


# A role-play asks one thing at a time and says beside it what is wrong.
ALONE = {"typed", "cue"}


def listed(html: str) -> bool:
    """Whether everything that the fields of a page say is wrong stands in the one list at its head, by their names and with the way to each."""
    complaining = set(re.findall(r'<div class="errors" id="([^"]+)-errors">', html)) - ALONE
    lists = re.findall(r'role="alert" tabindex="-1" data-focus>.*?<ul>(.*?)</ul>', html, re.DOTALL)
    lines = [line for found in lists for line in re.findall(r'<a href="#([^"]+)">(.*?)</a>', found, re.DOTALL)]
    labels = {name: words.strip() for name, words in re.findall(r'<label class="label" for="([^"]+)">([^<]*)', html)}
    nameless = [name for name, words in lines if labels.get(name, "") not in words]
    nowhere = [name for name, _words in lines if f' id="{name}"' not in html]
    return complaining <= {name for name, _words in lines} and len(lists) == (1 if lines else 0) and not nameless and not nowhere


def test_a_complaint_that_is_not_listed_is_found():
    wrong = '<label class="label" for="name">Name</label><input id="name"><div class="errors" id="name-errors"><p>No.</p></div>'
    field = f'<div class="field field-wrong">{wrong}</div><div class="field"></div>'
    line = '<div role="alert" tabindex="-1" data-focus><ul><li><a href="#{}">{}</a></li></ul></div>'
    assert [listed(field), listed(line.format("name", "No.") + field), listed(line.format("other", "No.") + field)] == [False, False, False]
    assert listed(line.format("name", "Name: No.") + field)
    assert not listed(line.format("name", "Name: No.") * 2 + field)


def sane(response: TestResponse) -> bool:
    """Something went well, or there is a sentence with a status of the reader's side."""
    if response.status_code < 400 and response.mimetype != "text/html":
        return True
    if response.status_code >= 500:
        return False
    if response.mimetype == "text/html" and not listed(response.get_data(as_text=True)):
        return False
    if response.status_code < 400:
        return True
    if response.mimetype == "application/json" or response.mimetype.endswith("+json"):
        said = json.dumps(response.get_json(), ensure_ascii=False)
    else:
        said = re.sub(r"<[^>]*>", " ", response.get_data(as_text=True))
    return bool(re.search(r"\w+ \w+ \w+", said))


class Asked:
    """Sends requests as one person and remembers those that were not answered sanely."""

    def __init__(self, sign_in: Callable[[], FlaskClient]) -> None:
        self.sign_in, self.client, self.wrong, self.count = sign_in, sign_in(), list[str](), 0

    def settle(self, *, anew: bool = True) -> None:
        """Signed in again, whatever the request did to sign-ins and accounts."""
        if _settle() or anew:
            self.client = self.sign_in()

    def send(self, method: str, path: str, note: str = "", among: tuple[int, ...] = (), **kwargs: Any) -> None:
        """One request; `among` are the statuses it may have, when not every sane one will do."""
        self.count += 1
        try:
            response: TestResponse = self.client.open(path, method=method, **kwargs)
        except Exception as bug:
            where = traceback.extract_tb(bug.__traceback__)[-1]
            self.wrong.append(f"{method} {path[:120]} {note}: {type(bug).__name__} {str(bug)[:100]} in {where.filename[-40:]}:{where.lineno}")
            self.settle()
            return
        if not sane(response) or (among and response.status_code not in among):
            self.wrong.append(f"{method} {path[:120]} {note}: {response.status_code}")
        response.close()
        if method != "GET" or response.status_code in (302, 401):
            self.settle(anew=response.status_code == 401 or "Set-Cookie" in response.headers)

    def all_went_well(self) -> bool:
        """Whether every request got an answer that helps its reader."""
        assert not self.wrong, f"{len(self.wrong)} of {self.count}:\n" + "\n".join(self.wrong[:60])
        return self.count > 0


@pytest.fixture
def asked(own: dict[str, Any], cast: SimpleNamespace, as_: Callable[[Any], FlaskClient]) -> Asked:
    """Ada, who holds every role, sends."""
    return Asked(lambda: as_(cast.ada))


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    db.session.rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        rows = db.session.execute(select(*[column for column in table.c if not (table.name == "module_version" and column.name == "files")]))
        found[table.name] = sorted(tuple(map(str, row)) for row in rows)
    db.session.rollback()
    return found


# Every address


def test_every_page_opens_or_says_why_not(app, own, asked):
    for rule in rules(app, "GET"):
        asked.send("GET", path_of(rule, own))
    assert asked.all_went_well()


def test_absurd_ids_find_nothing(app, own, asked):
    # A third of them for each place in each address, other ones each time; every one comes to many places.
    rng = Random(7)
    for rule in rules(app):
        for name in sorted(rule.arguments):
            for value in by_turns(rng.sample(ABSURD, 5), rule.rule):
                for method in sorted((rule.methods or set()) & {"GET", *WRITING}):
                    asked.send(method, path_of(rule, own, value, name), name)
    assert asked.all_went_well()


def test_wrong_methods_are_told_so(app, own, asked):
    for rule in by_turns(rules(app), "methods"):
        path = path_of(rule, own)
        allowed = set().union(*(other.methods or set() for other in rules(app) if path_of(other, own) == path))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "BREW"} - allowed:
            asked.send(method, path, among=(400, 401, 404, 405))
    assert asked.all_went_well()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "query", ["%00", "%FF", "q=%00", "q=%C3%28", "q=%ED%A0%80", "page=" + "9" * 5000, "page=-1&page=x", "next=%0d%0aSet-Cookie:x", "&&==&", "q=%"]
)
def test_odd_addresses_are_answered(app, own, asked, query, method):
    for rule in by_turns(rules(app, method), query):
        asked.send(method, path_of(rule, own) + "?" + query, query[:20])
    assert asked.all_went_well()


BODIES = {
    "nul": ("application/x-www-form-urlencoded", b"key=a%00b&text=a%00b&name=%00&login=%00&password=%00"),
    "raw nul": ("application/x-www-form-urlencoded", b"key=a\x00b&\x00=1"),
    "broken utf-8": ("application/x-www-form-urlencoded", b"key=%ff%fe&text=%c3%28&name=\xff\xfe&login=\xc0\x80&password=%ed%a0%80"),
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n--x--"),
    "cut off": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="key"\r\n\r\nhalf'),
    "a broken file": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="photo"; filename="\xff\x00.png"\r\n\r\n\x89PNG\x00\xff\r\n--x--\r\n',
    ),
    "a nul in multipart": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\x00b\r\n--x--\r\n'),
    "many fields": ("application/x-www-form-urlencoded", b"&".join(b"k%d=1" % number for number in range(5000))),
    "three megabytes": ("application/x-www-form-urlencoded", b"text=" + b"a" * 3_000_000),
    "three megabytes of parts": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"a" * 3_000_000 + b"\r\n--x--\r\n",
    ),
    "three megabytes of json": ("application/json", b'["' + b"a" * 3_000_000 + b'"]'),
    "three megabytes of anything": ("application/octet-stream", b"\x00" * 3_000_000),
    "half of json": ("application/json", b'{"key": '),
    "json in depth": ("application/json", b"[" * 100_000),
    "json that is not utf-8": ("application/json", b'{"key": "\xff\x00"}'),
    "a charset nobody knows": ("application/x-www-form-urlencoded; charset=klingon", b"key=1"),
    "xml": ("application/xml", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
}


@pytest.mark.parametrize("body", sorted(BODIES))
def test_bodies_nobody_can_read_are_sent_away(app, own, asked, body):
    kind, data = BODIES[body]
    unreadable = body in {"nul", "raw nul", "broken utf-8", "a nul in multipart", "three megabytes", "three megabytes of parts"}
    before = everything() if unreadable else {}
    for rule in by_turns(rules(app, "POST"), body):
        asked.send("POST", path_of(rule, own), body, (400, 413) if unreadable else (), data=data, content_type=kind)
    assert asked.all_went_well()
    assert not unreadable or everything() == before


def test_random_json_is_no_form(app, own, asked):
    rng = Random(7)
    for rule in by_turns(rules(app, "POST"), "json"):
        for _time in range(4):
            asked.send("POST", path_of(rule, own), "json", data=json.dumps(_anything(rng, 3)), content_type="application/json")
    assert asked.all_went_well()


def _anything(rng: Random, depth: int) -> Any:
    simple = [None, True, 0, -1, 10**30, 1.5e308, "", "a\0b", "💥", "key", "\ud800"]
    if depth == 0 or rng.random() < 0.4:
        return rng.choice(simple)
    if rng.random() < 0.5:
        return [_anything(rng, depth - 1) for _time in range(3)]
    return {str(name): _anything(rng, depth - 1) for name in ("key", "answers", "id", "events", rng.random())}


@pytest.mark.parametrize(
    "token", [None, "", "forged", "InZvcmdlZCI.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"], ids=["none", "empty", "forged", "well forged"]
)
def test_without_the_pages_own_token_nothing_is_done(app, own, asked, monkeypatch, token):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    exempt = app.extensions["csrf"]._exempt_views
    before = everything()
    for rule in by_turns(rules(app, "POST"), str(token)):
        view = app.view_functions[rule.endpoint]
        if f"{view.__module__}.{view.__name__}" in exempt:
            continue
        for headers in ({}, {"X-Fragment": "1"}):
            fields = {"key": "k", "language": "en"} | ({} if token is None else {"csrf_token": token})
            asked.send("POST", path_of(rule, own), "csrf", (400,), data=fields, headers=headers)
    assert asked.all_went_well()
    assert everything() == before


def test_a_disabled_person_is_out_at_once_on_every_address(app, own, as_, cast, at):
    client = as_(cast.ada)
    assert client.get("/me").status_code == 200
    people.disable(db.session.get_one(Person, cast.ada), at, None)
    db.session.commit()
    before = everything()
    for rule in rules(app):
        view = app.view_functions[rule.endpoint]
        if getattr(view, "is_public", False) or rule.endpoint.endswith("static"):
            continue
        for method in sorted((rule.methods or set()) & {"GET", *WRITING}):
            response = client.open(path_of(rule, own), method=method, data={"key": "k"})
            assert response.status_code in ((302, 303) if method == "GET" else (401,)), f"{method} {rule.rule}: {response.status_code}"
            assert sane(response)
    assert everything() == before


# Every form on every page


class Forms(HTMLParser):
    """The forms of a page: where each is sent, how, and its fields with the values they stand at."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, MultiDict[str, str]]] = []
        self._select = ""
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("method", "get").upper(), given.get("action", ""), MultiDict()))
            self._open = True
        if not self._open:
            return
        fields = self.found[-1][2]
        if tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and (self._select not in fields or "selected" in given):
            fields[self._select] = given.get("value", "")
        elif tag in {"input", "textarea", "button"} and given.get("name"):
            if given.get("type") in {"radio", "checkbox"} and given["name"] in fields:
                return
            fields[given["name"]] = given.get("value", "1")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "form":
            self._open = False


def forms_of(app: Flask, client: FlaskClient, own: dict[str, Any]) -> dict[tuple[str, str, tuple[str, ...]], tuple[str, str, MultiDict[str, str]]]:
    """One form of each kind that the pages show: the same address rule with the same fields counts once."""
    adapter = app.url_map.bind("localhost")
    found = {}
    for rule in rules(app, "GET"):
        page = client.get(path_of(rule, own))
        if page.mimetype != "text/html" or page.status_code != 200:
            continue
        for method, action, fields in Forms(page.get_data(as_text=True)).found:
            path = (action or path_of(rule, own)).split("#")[0]
            target, _args = adapter.match(path.split("?")[0], method=method, return_rule=True)
            found[(method, target.rule, tuple(sorted(fields)))] = (method, path, fields)
    return found


def kinds_of(fields: MultiDict[str, str]) -> list[str]:
    """The names of the fields, of those that differ in their numbers alone the last one: what is read line by line is read by the same code."""
    return list({re.sub(r"\d+", "#", name): name for name in fields}.values())


def test_of_fields_that_differ_in_their_number_one_is_tried():
    assert kinds_of(MultiDict({"key": "", "line-1-note": "", "line-12-note": "", "line-1-mark": ""})) == ["key", "line-12-note", "line-1-mark"]


def test_a_hostile_field_gets_a_sentence(app, own, asked):
    forms = forms_of(app, asked.client, own)
    assert len(forms) > 8, "the crawl finds the pages' forms"
    rng = Random(3)
    for method, path, fields in forms.values():
        for name in kinds_of(fields):
            for value in by_turns(rng.sample(HOSTILE, 4), path + name):
                sent = MultiDict(fields)
                sent[name] = value
                into = {"query_string": sent} if method == "GET" else {"data": sent}
                asked.send(method, path, f"{name}={value[:20]!r}", **into)
    assert asked.all_went_well()


def test_a_form_without_one_of_its_fields_gets_a_sentence(app, own, asked):
    for method, path, fields in forms_of(app, asked.client, own).values():
        for name in by_turns(kinds_of(fields), path):
            sent = MultiDict(pair for pair in fields.items(multi=True) if pair[0] != name)
            asked.send(method, path, f"without {name}", **({"query_string": sent} if method == "GET" else {"data": sent}))
    assert asked.all_went_well()


# Quizzes


@pytest.fixture
def change_quiz(app: Flask, at: datetime) -> Iterator[Callable[..., None]]:
    """Publishes a version of the greeting module whose quiz has other rules."""

    def publish(**settings: str) -> None:
        version = library.current_version("greeting")
        row = db.session.execute(select(library.ModuleVersion.files).where(library.ModuleVersion.id == version)).scalar_one()
        files = dict(unpacked("greeting", row).files)
        quiz = files["quiz.yaml"].decode()
        for name, value in settings.items():
            quiz, changed = re.subn(rf"(?m)^{name}: .*$", f"{name}: {value}", quiz)
            assert changed == 1
        library.publish(Bundle("greeting", files | {"quiz.yaml": quiz.encode()}, "greeting"), at, origin="archive")
        db.session.commit()

    # Another test's version may have had the same number.
    library.forget()
    yield publish
    library.forget()


class Trial:
    """One person's attempt at the greeting quiz, answered through the pages' own addresses."""

    def __init__(self, client: FlaskClient, person_id: int, began: datetime) -> None:
        self.client = client
        self.attempt = quizzes.begin(person_id, "greeting", began, seed="seed")
        self.content = library.module(self.attempt.version_id)
        self.questions = questions_of(self.content, self.attempt)
        db.session.commit()

    def fields(self, place: int = 0, **more: Any) -> dict[str, Any]:
        question = self.questions[place]
        kind = kind_of(question)
        return {"key": f"key-{place}", "turn": "0"} | kind.form(question, kind.right(question), self.attempt.seed) | more

    def answer(self, place: int = 0, *, fragment: bool = True, to: str | None = None, **more: Any) -> TestResponse:
        question = to or self.questions[place].id
        return self.client.post(
            f"/quiz-attempts/{self.attempt.id}/answers/{question}",
            data=MultiDict(
                [(name, one) for name, value in self.fields(place, **more).items() for one in (value if isinstance(value, list) else [value])]
            ),
            headers={"X-Fragment": "1"} if fragment else {},
        )


@pytest.fixture
def trial(app: Flask, cast: SimpleNamespace, as_: Callable[[Any], FlaskClient]) -> Trial:
    """Amir in the greeting quiz, just begun."""
    return Trial(as_(cast.amir), cast.amir, now())


def refused(response: TestResponse, status: int, words: str) -> bool:
    """Whether it was refused with that status and a sentence holding those words."""
    said = re.sub(r"<[^>]*>", " ", response.get_data(as_text=True))
    assert (response.status_code, words in said) == (status, True), f"{response.status_code}: {said[-400:]}"
    return True


def test_an_answer_to_a_finished_attempt_is_refused(trial):
    assert trial.answer(0).status_code == 200
    trial.client.post(f"/quiz-attempts/{trial.attempt.id}/handing-in", data={"anyway": "1"})
    before = everything()
    assert refused(trial.answer(1), 409, "has been handed in")
    assert everything() == before


def test_somebody_elses_attempt_is_not_there(trial, cast, as_):
    before = everything()
    for other in (cast.beth, cast.chloe, cast.ada):
        trial.client = as_(other)
        assert refused(trial.answer(0), 404, "nothing at this address")
        assert trial.client.post(f"/quiz-attempts/{trial.attempt.id}/handing-in").status_code == 404
        assert trial.client.get(f"/quiz-attempts/{trial.attempt.id}").status_code == 404
        assert trial.client.get(f"/quiz-attempts/{trial.attempt.id}/result").status_code == 404
    assert everything() == before


def test_a_question_that_was_not_drawn_is_refused(trial):
    left_out = next(one.id for one in trial.content.quiz.questions if one.id not in trial.attempt.drawn)
    before = everything()
    assert refused(trial.answer(0, to=left_out), 404, "not part of this quiz attempt")
    assert refused(trial.answer(0, to="nobody-asked-this"), 404, "not part of this quiz attempt")
    assert everything() == before


def test_the_same_answer_sent_again_changes_nothing_and_is_told_it_is_saved(trial):
    assert trial.answer(0).status_code == 200
    before = everything()
    assert trial.answer(0).status_code == 200
    assert trial.answer(0, fragment=False).status_code == 303
    assert everything() == before


def test_another_answer_after_the_feedback_was_seen_is_refused(trial):
    assert trial.answer(0).status_code == 200
    before = everything()
    assert refused(trial.answer(0, key="another"), 409, "already answered")
    assert everything() == before


def test_an_answer_that_is_none_is_refused_beside_the_question(trial):
    before = everything()
    for place, question in enumerate(trial.questions):
        # Where one writes, most words are an answer; where one chooses, none of these is.
        chosen = kind_of(question).choices(question) > 0
        for junk in ("", "99", "-1", "x", "9" * 5000, "٣") if chosen else ("", "9" * 5000):
            assert refused(trial.answer(place, **dict.fromkeys(trial.fields(place), junk)), 422, "")
    assert everything() == before


def test_an_older_answer_that_arrives_late_does_not_undo_a_newer_one(change_quiz, cast, as_):
    change_quiz(feedback="end")
    trial = Trial(as_(cast.amir), cast.amir, now())
    assert trial.answer(0, key="first").status_code == 200
    assert trial.answer(0, key="second", turn="1").status_code == 200
    before = everything()
    assert refused(trial.answer(0, key="first", turn="0"), 409, "newer answer")
    assert refused(trial.answer(0, key="third", turn="nonsense"), 409, "newer answer")
    assert everything() == before
    assert trial.answer(0, key="third", turn="2").status_code == 200


def test_after_the_time_is_over_nothing_is_saved(change_quiz, cast, as_):
    change_quiz(minutes="10")
    trial = Trial(as_(cast.amir), cast.amir, now() - timedelta(minutes=11))
    before = everything()
    assert refused(trial.answer(0), 409, "time of this quiz ran out")
    assert everything() == before
    # Without script the page behind it tells the same, and so does the result afterwards.
    shown = trial.client.get(trial.answer(0, fragment=False).location).text
    assert "time of this quiz ran out" in shown
    assert everything() == before
    trial.client.post(f"/quiz-attempts/{trial.attempt.id}/handing-in")
    assert "time of this quiz ran out" in trial.client.get(trial.answer(0, fragment=False).location, follow_redirects=True).text
    assert refused(trial.answer(0), 409, "time of this quiz ran out")


def test_a_disabled_person_in_an_open_quiz_saves_nothing(trial, cast, at):
    people.disable(db.session.get_one(Person, cast.amir), at, None)
    db.session.commit()
    before = everything()
    assert refused(trial.answer(0), 401, "sign in")
    assert everything() == before


def test_a_page_of_somebody_who_has_left_saves_nothing_for_whoever_came_after(trial, cast):
    before = everything()
    response = trial.client.post(
        f"/quiz-attempts/{trial.attempt.id}/answers/{trial.questions[0].id}",
        data=trial.fields(0),
        headers={"X-Person": str(cast.beth), "X-Fragment": "1"},
    )
    assert refused(response, 401, "Somebody else has signed in")
    assert everything() == before


def test_tries_are_used_up_once_however_often_begin_is_pressed(change_quiz, cast, as_):
    change_quiz(attempts="1")
    client = as_(cast.amir)
    pages = {client.post("/quizzes/greeting/attempts").headers["Location"] for _time in range(3)}
    assert len(pages) == 1
    client.post(f"{pages.pop()}/handing-in", data={"anyway": "1"})
    before = everything()
    assert refused(client.post("/quizzes/greeting/attempts"), 409, "used all your tries")
    assert everything() == before
    assert db.session.execute(select(func.count()).select_from(QuizAttempt)).scalar_one() == 1


def test_an_open_attempt_stays_on_the_version_it_was_begun_on(trial, change_quiz):
    change_quiz(pass_mark="90")
    assert trial.answer(0).status_code == 200
    version = db.session.execute(select(QuizAttempt.version_id)).scalar_one()
    assert version == trial.attempt.version_id != library.current_version("greeting")


# Lessons


def test_a_lesson_page_from_before_a_new_version_is_refused_and_changes_nothing(app, cast, as_, change_quiz):
    client = as_(cast.amir)
    version, module = library.module_or_404("greeting")
    lesson = module.lessons[0]
    question = lesson.checks[0]
    kind = kind_of(question)
    fields = {"version": str(version), "key": "k"} | kind.form(question, kind.right(question), f"{cast.amir}/{version}/{lesson.key}")
    change_quiz(pass_mark="90")
    before = everything()
    for headers in ({}, {"X-Fragment": "1"}):
        response = client.post(f"/learn/greeting/{lesson.key}/checks/{question.id}", data=fields, headers=headers)
        assert refused(response, 409, "has changed since you opened it")
    assert everything() == before


def test_a_check_that_is_not_in_the_lesson_is_refused(app, cast, as_):
    version, module = library.module_or_404("greeting")
    before = everything()
    response = as_(cast.amir).post(f"/learn/greeting/{module.lessons[0].key}/checks/nobody", data={"version": str(version), "answer": "0"})
    assert refused(response, 404, "not part of this lesson")
    assert everything() == before


def test_a_check_answered_twice_counts_the_first_time(app, cast, as_):
    client = as_(cast.amir)
    version, module = library.module_or_404("greeting")
    lesson = module.lessons[0]
    question = lesson.checks[0]
    kind = kind_of(question)
    fields = {"version": str(version), "key": "k"} | kind.form(question, kind.right(question), f"{cast.amir}/{version}/{lesson.key}")
    path = f"/learn/greeting/{lesson.key}/checks/{question.id}"
    assert client.post(path, data=fields, headers={"X-Fragment": "1"}).status_code == 200
    before = everything()
    assert client.post(path, data=fields, headers={"X-Fragment": "1"}).status_code == 200
    assert everything() == before


@pytest.mark.parametrize("paragraph", ["", "x", "-1", "1.5", "9" * 40, "²"])
def test_a_place_that_is_none_is_not_kept(app, cast, as_, paragraph):
    before = everything()
    response = as_(cast.amir).post(f"/learn/greeting/{library.module_or_404('greeting')[1].lessons[0].key}/place", data={"paragraph": paragraph})
    assert refused(response, 422, "no paragraph")
    assert everything() == before


# Role-plays


def test_a_move_that_is_not_open_changes_nothing(app, cast, as_):
    client = as_(cast.amir)
    story = library.module_or_404("greeting")[1].stories[0].id
    run = roleplays.begin(cast.amir, story, "k", now())
    db.session.commit()
    before = everything()
    for fields in (
        {"seq": "0", "scene": "nowhere", "choice": "a", "key": "x"},
        {"seq": "7", "scene": "nowhere", "choice": "a", "key": "x"},
        {"seq": "-1", "scene": "", "choice": "a", "key": "x"},
        {"seq": "9" * 5000, "scene": "", "choice": "a", "key": "x"},
        {"seq": "0", "scene": "", "choice": "no such reply", "key": "x"},
        {"seq": "0", "scene": "", "choice": "a", "key": ""},
        {"seq": "0", "scene": "", "choice": "a", "key": "k" * 5000},
        {},
    ):
        for headers in ({}, {"X-Fragment": "1"}):
            response = client.post(f"/roleplay-runs/{run}/moves", data=fields, headers=headers)
            assert 400 <= response.status_code < 500, fields
            assert sane(response)
    assert as_(cast.beth).post(f"/roleplay-runs/{run}/moves", data={"seq": "0", "scene": "", "choice": "a", "key": "x"}).status_code == 404
    assert everything() == before


def test_the_databases_own_triggers_keep_the_log_as_it_is(trial):
    assert trial.answer(0).status_code == 200
    before = everything()
    for statement in ("UPDATE evidence SET score = 0", "DELETE FROM evidence"):
        with pytest.raises(Exception, match="evidence"):
            db.session.execute(text(statement))
        db.session.rollback()
    assert everything() == before
