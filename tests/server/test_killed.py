"""The server is killed in the middle of answers, again and again: nothing acknowledged is missing and nothing is counted twice."""

import http.client
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests.server.conftest import CREW, PATIENCE, Server, Visitor
from trainee.evidence.models import EVIDENCE
from trainee.kit.clock import now
from trainee.kit.db import db, writing
from trainee.kit.errors import Refusal
from trainee.modules import library
from trainee.modules.lessons.models import CheckAnswer
from trainee.modules.lessons.queries import seed_of
from trainee.modules.questions import kind_of
from trainee.modules.quizzes.models import QuizAnswer, QuizAttempt
from trainee.modules.quizzes.queries import questions_of
from trainee.modules.roleplays import queries as roleplays
from trainee.modules.roleplays.models import MOVE
from trainee.modules.roleplays.play import Move, apply, state
from trainee.people.queries import by_login
from trainee.profile import calibrations
from trainee.profile.models import ITEM_MEMORY, MASTERY, STANDING

pytestmark = [pytest.mark.server, pytest.mark.lasts(45)]

KILLS = 5
RNG = random.Random(11)


@dataclass
class Deed:
    """One request that changes something, with its key: where it goes, and what must stand in the database once it is acknowledged."""

    path: str
    fields: dict[str, Any]
    receipts: tuple[str, ...]
    mark: tuple[Any, ...]
    tries: int = 0


@dataclass
class Worker:
    """One tab of one person: does its deeds in order, and sends again what was not acknowledged."""

    username: str
    visitor: Visitor
    token: str
    deeds: list[Deed]
    done: list[Deed] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    again: int = 0

    def work(self, told: Callable[[], None]) -> None:
        """To the end of the list."""
        for deed in self.deeds:
            if not self._send(deed):
                return
            self.done.append(deed)
            told()
            if RNG.random() < 0.2 and not self._send(deed):
                return
        self.visitor.hang_up()

    def _send(self, deed: Deed) -> bool:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            deed.tries += 1
            try:
                answer = self.visitor.ask("POST", deed.path, {**deed.fields, "csrf_token": self.token})
            except (OSError, http.client.HTTPException):
                self.again += 1
                time.sleep(0.05)
                continue
            if answer.status == 503:
                # Too much at once, and nothing was done: the page's script tries again as well.
                time.sleep(0.2)
                continue
            if answer.status == 303:
                return True
            self.wrong.append(f"{self.username} {deed.path} {deed.fields}: {answer.status} {re.sub('<[^>]*>', ' ', answer.body)[-300:]}")
            return False
        self.wrong.append(f"{self.username} {deed.path}: no answer")
        return False


def quiz_deeds(visitor: Visitor, token: str, module_key: str) -> Iterator[Deed]:
    """A right answer to every question of a new attempt."""
    attempt_id = int(visitor.deed(f"/quizzes/{module_key}/attempts", {"csrf_token": token}).rsplit("/", 1)[1])
    db.session.rollback()  # What this process read before the server wrote is not what stands there now.
    attempt = db.session.get_one(QuizAttempt, attempt_id)
    for question in questions_of(library.module(attempt.version_id), attempt):
        kind = kind_of(question)
        yield Deed(
            f"/quiz-attempts/{attempt_id}/answers/{question.id}",
            {"key": f"key-{question.id}", "turn": "0", **kind.form(question, kind.right(question), attempt.seed)},
            (f"quiz_answer/{attempt_id}/{question.id}",),
            ("quiz", attempt_id, question.id, f"key-{question.id}"),
        )


def check_deeds(person_id: int, module_key: str) -> Iterator[Deed]:
    """A right answer to every check of every lesson."""
    version, module = library.module_or_404(module_key)
    for lesson in module.lessons:
        for question in lesson.checks:
            kind = kind_of(question)
            form = kind.form(question, kind.right(question), seed_of(person_id, version, lesson.key))
            yield Deed(
                f"/learn/{module_key}/{lesson.key}/checks/{question.id}",
                {"key": f"{lesson.key}-{question.id}", "version": str(version), **form},
                (f"embedded_check/{person_id}/{version}/{lesson.key}/{question.id}",),
                ("check", person_id, version, lesson.key, question.id),
            )


def move_deeds(visitor: Visitor, token: str, story_id: str) -> Iterator[Deed]:
    """A role-play from its first scene to an ending, each move with the first answer that is open."""
    run_id = int(visitor.deed(f"/roleplays/{story_id}/runs", {"csrf_token": token, "key": f"{story_id}-{token[-8:]}"}).rsplit("/", 1)[1])
    db.session.rollback()
    person_id = db.session.execute(text("SELECT person_id FROM role_play_run WHERE id = :id"), {"id": run_id}).scalar_one()
    here = roleplays.run_or_404(run_id, person_id).state
    while here.scene is not None:
        form, after = _first_open(here)
        steps = after.steps[len(here.steps) :]
        yield Deed(
            f"/roleplay-runs/{run_id}/moves",
            {"key": f"move-{here.seq}", "seq": str(here.seq), "scene": here.scene.id, **form},
            tuple(f"roleplay_choice/{run_id}/{step.last}/{skill}" for step in steps for skill in step.outcome.points),
            ("move", run_id, here.seq, f"move-{here.seq}"),
        )
        here = after


def _first_open(here: Any) -> tuple[dict[str, Any], Any]:
    words = "Özür dilerim, bugün ararım ve saat 15.00'e kadar size haber veririm. " * 3
    cues = [[cue.id for cue in getattr(here.scene, "cues", ())][: getattr(here.scene, "pick", 0)]]
    for form in (
        *({"choice": [choice.id]} for choice in getattr(here.scene, "choices", ())),
        *({"cues": cue} for cue in cues),
        {"criteria": [one.id for one in getattr(here.scene, "rubric", ())]},
        {"text": [words]},
    ):
        try:
            answer = here.scene.answer(form, "en", here.draft)
            return form, apply(here, Move(here.scene.id, answer))
        except Refusal:
            continue
    raise AssertionError(f"no answer fits scene {here.scene.id}")


@pytest.fixture(scope="module")
def workers(company: Flask, server: Server) -> list[Worker]:
    """Three people with three tabs each: quizzes, lessons, a role-play."""
    found = []
    modules = list(library.current_versions())
    for username in CREW:
        person = by_login(username)
        assert person is not None
        tabs = [Visitor(server.port).sign_in(username) for _tab in range(3)]
        tokens = [tab.token("/me") for tab in tabs]
        stories = [library.module_or_404(key)[1].stories[0].id for key in modules[:2]]
        deeds = (
            [deed for key in modules for deed in quiz_deeds(tabs[0], tokens[0], key)],
            [deed for key in modules for deed in check_deeds(person.id, key)],
            [deed for story in stories for deed in move_deeds(tabs[2], tokens[2], story)],
        )
        found += [Worker(username, tab, token, list(todo)) for tab, token, todo in zip(tabs, tokens, deeds, strict=True)]
    db.session.rollback()
    return found


@pytest.fixture(scope="module")
def stormed(workers: list[Worker], server: Server, company: Flask) -> list[Worker]:
    """After everybody has done everything, while the server was killed several times in the middle."""
    total = sum(len(worker.deeds) for worker in workers)
    acknowledged = threading.Semaphore(0)
    threads = [threading.Thread(target=worker.work, args=(acknowledged.release,)) for worker in workers]
    for thread in threads:
        thread.start()
    for _kill in range(KILLS):
        for _one in range(total // (KILLS + 1)):
            assert acknowledged.acquire(timeout=PATIENCE), "nobody gets on: " + "; ".join(one for worker in workers for one in worker.wrong)
        time.sleep(RNG.random() * 0.02)
        server.stop()
        server.start()
    for thread in threads:
        thread.join(PATIENCE * 2)
    server.stop()
    db.session.rollback()
    return workers


def test_everything_was_acknowledged_in_the_end(stormed):
    assert [wrong for worker in stormed for wrong in worker.wrong] == []
    assert sum(len(worker.done) for worker in stormed) == sum(len(worker.deeds) for worker in stormed) > 200
    assert sum(worker.again for worker in stormed) >= KILLS, "the kills met requests that were under way"


def test_nothing_acknowledged_is_missing_and_nothing_stands_twice(stormed):
    wanted = sorted(deed.mark for worker in stormed for deed in worker.done)
    stands = sorted(
        [("quiz", *row) for row in db.session.execute(select(QuizAnswer.attempt_id, QuizAnswer.question_id, QuizAnswer.key))]
        + [
            ("check", *row)
            for row in db.session.execute(select(CheckAnswer.person_id, CheckAnswer.version_id, CheckAnswer.lesson_key, CheckAnswer.check_id))
        ]
        + [("move", *row) for row in db.session.execute(select(MOVE.c.run_id, MOVE.c.seq, MOVE.c.key))]
    )
    assert stands == wanted


def test_each_answer_is_evidence_once(stormed):
    wanted = sorted(receipt for worker in stormed for deed in worker.done for receipt in deed.receipts)
    assert sorted(db.session.execute(select(EVIDENCE.c.receipt)).scalars()) == wanted


def test_the_runs_stand_where_their_moves_lead(stormed):
    for run_id, person_id in db.session.execute(text("SELECT id, person_id FROM role_play_run")).all():
        run = roleplays.run_or_404(run_id, person_id)
        assert run.state.ended
        assert run.finished_at is not None
        assert state(run.story, [made.move for made in run.moves]) == run.state


def _figures() -> dict[tuple[Any, ...], Any]:
    """Every figure that is kept, by table, key and name."""
    current = calibrations.in_state("current")
    assert current is not None
    found = {}
    for table in (MASTERY, ITEM_MEMORY, STANDING):
        keys = [column.name for column in table.primary_key if column.name != "calibration_id"]
        for row in db.session.execute(select(table).where(table.c.calibration_id == current.id)).mappings():
            key = (table.name, *(row[name] for name in keys))
            for column in table.c:
                if column.name == "abilities":
                    found.update({(*key, line, place): number for line, pair in row["abilities"].items() for place, number in enumerate(pair)})
                elif not column.primary_key:
                    found[*key, column.name] = row[column.name]
    return found


def test_the_figures_that_were_kept_are_those_the_log_adds_up_to(stormed):
    kept = _figures()
    assert len(kept) > 100
    db.session.rollback()
    with writing():
        for _progress in calibrations.rebuild(now()):
            db.session.commit()
        db.session.commit()
    folded = _figures()
    assert folded.keys() == kept.keys()
    differing = {key: (kept[key], one) for key, one in folded.items() if one != (pytest.approx(kept[key]) if isinstance(one, float) else kept[key])}
    assert differing == {}


def test_the_database_is_sound(stormed):
    assert db.session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_every_connection_writes_through_to_the_disk(company):
    lines = [db.engine.connect() for _line in range(4)]
    for line in lines:
        assert line.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        # 2 is FULL: with NORMAL a power cut takes acknowledged answers along.
        assert line.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert line.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        line.close()
