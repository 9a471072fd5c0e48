"""Beginning a role-play, making a move in it, replaying it from a scene, and saying how one is after it."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from trainee import profile
from trainee.evidence import Showing
from trainee.kit.db import db, insert_once, upsert
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.modules import library
from trainee.modules.progress import part_done
from trainee.modules.roleplays import queries
from trainee.modules.roleplays.gentle import KEPT, PULSES, was_hard
from trainee.modules.roleplays.models import MOVE, PULSE, RUN, RolePlayMove, RolePlayPulse, RolePlayRun
from trainee.modules.roleplays.play import Move, State, apply, state
from trainee.modules.roleplays.queries import Made, Run, run_or_404
from trainee.modules.roleplays.scene import Answer

LONGEST_KEY = 100
# What a reply is read as depends on the language it is read in; whether it is the same reply does not.
_FOUND_OUT = {"language", "suggested"}


def begin(person_id: int, story: str, key: str, at: datetime, seed: int | None = None) -> int:
    """Begin a role-play in its newest published version, and the run's id; the same key begins once. NotFound for an unknown story.

    `seed` shuffles the replies; without one it is drawn.
    """
    version_id, _story = queries.current(story)
    return _open(_key(key), at, seed, person_id=person_id, version_id=version_id, story=story)


def _open(key: str, at: datetime, seed: int | None, **values: Any) -> int:
    new = {
        "key": key,
        "seed": random.getrandbits(31) if seed is None else seed,
        "started_at": at,
        "finished_at": None,
        "ending": None,
        "rank": None,
        "criticals": 0,
        "hard": False,
        "replay_of": None,
        "replay_from": None,
    }
    run_id = insert_once(RolePlayRun, {**new, **values}, ["person_id", "key"])
    if run_id is None:
        run_id = queries.run_begun(values["person_id"], key)
    assert run_id is not None
    return run_id


def _key(key: str) -> str:
    if not key or len(key) > LONGEST_KEY:
        raise Refusal(_("Something is missing in what was sent. Please load the page again."), status=400)
    return key


def move(run_id: int, person_id: int, seq: int, scene: str, given: Mapping[str, Sequence[str]], key: str, language: str, at: datetime) -> State:
    """Make one move, record what it shows, and where the talk stands then.

    The same key twice moves once. A Refusal, and no change, when the run is over, when `seq` or `scene` is not where the talk stands,
    or when the answer is not open there; NotFound when the run is not this person's.
    """
    run = run_or_404(run_id, person_id)
    key = _key(key)
    if any(made.key == key for made in run.moves):
        return _known(run, key, seq, scene, given, language)
    _require_here(run.state, seq, scene)
    assert run.state.scene is not None
    answer = run.state.scene.answer(given, language, run.state.draft)
    after = apply(run.state, Move(scene, answer))
    if not _keep(run, seq, Move(scene, answer), key, at):
        # Somebody was quicker by a moment: the other tab, or this very request sent twice.
        newer = run_or_404(run_id, person_id)
        if any(made.key == key for made in newer.moves):
            return _known(newer, key, seq, scene, given, language)
        raise _moved_on()
    if after.ending is not None:
        _finish(run, after, at)
    profile.record(_showings(run, after, at), at)
    return after


def _known(run: Run, key: str, seq: int, scene: str, given: Mapping[str, Sequence[str]], language: str) -> State:
    """Where the talk stands when this answer is the one kept under its key; a Refusal when another is."""
    made = next(made for made in run.moves if made.key == key)
    if (made.seq, made.move.scene) == (seq, scene):
        then = state(run.story, [one.move for one in run.moves[: made.seq]])
        assert then.scene is not None
        kept = {name: value for name, value in made.move.answer.items() if name not in _FOUND_OUT}
        if then.scene.answer(given, language, then.draft).items() >= kept.items():
            return run.state
    raise Refusal(
        _("Another answer was saved with this very press before, and the first one counts. Here is where the talk stands now."), code="answered"
    )


def _require_here(now: State, seq: int, scene: str) -> None:
    if now.scene is None:
        raise Refusal(_("This role-play is over. You can look back at it, or replay it from any scene."))
    if seq != now.seq or scene != now.scene.id:
        raise _moved_on()


def _moved_on() -> Refusal:
    return Refusal(_("The talk has moved on since this page was opened. Here is where it stands now."))


def _keep(run: Run, seq: int, made: Move, key: str, at: datetime) -> bool:
    before = run.moves[-1].made_at if run.moves and not run.moves[-1].copied else run.started_at
    values = _row(run.id, seq, made, key, at)
    values["seconds"] = max(0, min(round((at - before).total_seconds()), 24 * 3600))
    return insert_once(RolePlayMove, values, ["run_id", "seq"]) is not None


def _row(run_id: int, seq: int, made: Move, key: str, at: datetime) -> dict[str, Any]:
    answer: Answer = {name: value for name, value in made.answer.items() if name != "text"}
    text = made.answer.get("text")
    return {
        "run_id": run_id,
        "seq": seq,
        "scene": made.scene,
        "answer": answer,
        "text": text,
        "copied": False,
        "key": key,
        "made_at": at,
        "seconds": None,
    }


def _finish(run: Run, after: State, at: datetime) -> None:
    assert after.ending is not None
    values = {
        "finished_at": at,
        "ending": after.ending.id,
        "rank": after.ending.rank,
        "criticals": len(after.situation.criticals),
        "hard": was_hard(run.story, after.ending, after.situation.mood),
    }
    db.session.execute(update(RUN).where(RUN.c.id == run.id).values(**values))
    if not after.situation.criticals:
        part_done(run.person_id, library.module(run.version_id).key, f"roleplay/{run.story.id}", at)


def _showings(run: Run, after: State, at: datetime) -> list[Showing]:
    """What the move just made shows, per skill; nothing while a reply waits to be checked."""
    if len(after.steps) == len(run.state.steps):
        return []
    step = after.steps[-1]
    detail: dict[str, Any] = {"run": run.id, "seq": step.last}
    if step.outcome.critical:
        detail["critical"] = step.outcome.critical
    return [
        Showing(
            person_id=run.person_id,
            skill=skill,
            source=step.scene.source,
            score=points.share,
            item=f"{run.story.id}/{step.scene.id}",
            occurred_at=at,
            receipt=f"roleplay_choice/{run.id}/{step.last}/{skill}",
            detail=detail,
        )
        for skill, points in sorted(step.outcome.points.items())
    ]


def replay_from(run_id: int, person_id: int, kept: int, key: str, at: datetime, seed: int | None = None) -> int:
    """Begin a new run that keeps the first `kept` moves of a finished one, and its id; the same key begins once.

    The kept moves are copied and show nothing new. A Refusal when the run is not finished or no scene begins there.
    """
    run = run_or_404(run_id, person_id)
    if not run.state.ended:
        raise Refusal(_("Finish this role-play first; then you can replay it from any scene."))
    if kept not in {step.first for step in run.state.steps}:
        raise Refusal(_("There is no scene to replay from there. Choose one from the look back."), status=422)
    begun = queries.run_begun(person_id, _key(key))
    if begun is not None:
        return begun
    new = _open(key, at, seed, person_id=person_id, version_id=run.version_id, story=run.story.id, replay_of=run.id, replay_from=kept)
    _copy(new, run.moves[:kept], at)
    return new


def _copy(run_id: int, moves: Sequence[Made], at: datetime) -> None:
    rows = [{**_row(run_id, made.seq, made.move, f"copy-{made.seq}", at), "copied": True} for made in moves]
    if rows:
        db.session.execute(MOVE.insert(), rows)


def say_pulse(run_id: int, person_id: int, value: str, at: datetime) -> None:
    """Keep how a person is after a finished run, or keep it anew; nothing else changes. Refusal before its end and for any other answer."""
    run = run_or_404(run_id, person_id)
    if not run.state.ended:
        raise Refusal(_("Finish this role-play first; then you can say how you are."))
    if value not in PULSES:
        raise Refusal(_("Please choose one of the three answers."), status=422)
    values = {"person_id": person_id, "run_id": run.id, "value": value, "given_at": at}
    upsert(RolePlayPulse, values, ["run_id"], ["value", "given_at"])


def forget_pulses(at: datetime) -> None:
    """Delete what was said of how one is, two weeks ago or earlier."""
    db.session.execute(delete(PULSE).where(PULSE.c.given_at <= at - KEPT))
