"""Drawing the set of a day, answering it, and leaving it for another day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from trainee import expectations, profile
from trainee.kit.clock import local_date
from trainee.kit.db import db, insert_many_once, insert_once, inserting
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.modules import library, pace
from trainee.modules.library import Module
from trainee.modules.questions import Question, kind_of
from trainee.modules.questions.kind import Form
from trainee.modules.quizzes.queries import CONFIDENCE
from trainee.modules.reviews import queries
from trainee.modules.reviews.drawing import drawn
from trainee.modules.reviews.memory import remember
from trainee.modules.reviews.models import CARD, SET, ReviewLog, ReviewSet
from trainee.modules.roleplays import queries as roleplays
from trainee.modules.roleplays.gentle import BEST, gentler, low, weary
from trainee.modules.roleplays.story import Story
from trainee.profile.policy import threshold

_REMEMBERED = ("stability", "difficulty", "due_on", "last_on", "surely_wrong")


def begin(person_id: int, roles: Collection[str], time_zone: str, at: datetime) -> None:
    """Draw today's set, or go on with it: what was put off is taken up again. The number of statements is always the same.

    What was answered elsewhere since it was drawn makes room for other questions.
    """
    day = local_date(at, time_zone)
    found = queries.set_on(person_id, day)
    if found is not None and found.items:
        found.skipped_at = None
        make_room(found, roles, time_zone, at)
        db.session.flush()
        return
    pull(person_id, time_zone)
    items, story = _draw(person_id, roles, day, at)
    # With nothing to ask the day's set is finished, so that Today does not offer it again.
    values = {"items": items, "story": story, "drawn_at": at, "finished_at": None if items else at, "skipped_at": None}
    if found is not None:
        db.session.execute(update(SET).where(SET.c.id == found.id).values(**values))
    else:
        insert_once(ReviewSet, {"person_id": person_id, "day": day, **values}, ["person_id", "day"])


def make_room(found: ReviewSet, roles: Collection[str], time_zone: str, at: datetime) -> None:
    """Put other questions in the place of those of a set that were answered elsewhere on its day: nothing is asked twice in a day."""
    met = queries.met_elsewhere(found, time_zone)
    if not met:
        return
    pull(found.person_id, time_zone)
    kept = {item for item, _version in found.items}
    others = iter([pair for pair in _draw(found.person_id, roles, found.day, at)[0] if pair[0] not in kept])
    changed = [next(others, None) if pair[0] in met else pair for pair in found.items]
    found.items = [pair for pair in changed if pair is not None]
    if len(queries.answers_of(found)) == len(found.items):
        found.finished_at = found.finished_at or at
    db.session.flush()


def pull(person_id: int, time_zone: str) -> int:
    """Bring the cards up to date with what was answered in quizzes and lessons since; how many answers were new. Doing it again changes nothing."""
    new = queries.unseen(person_id)
    if not new:
        return 0
    paces = queries.paces_of(person_id)
    rows, skills = [], {}
    for one in new:
        question = queries.question_of(library.module(one.version_id), one.item)
        rows.append(_row(one, person_id, local_date(one.answered_at, time_zone), question, paces))
        if question is not None:
            skills[one.item] = question.skill
    insert_many_once(ReviewLog, rows, ["receipt"])
    refold(person_id, skills)
    return len(new)


def _row(one: queries.Unseen, person_id: int, day: date, question: Question | None, paces: dict[str, list[int]]) -> dict[str, Any]:
    """The row of the log for an answer from elsewhere. It takes its place in `paces`, for the next one to be compared with."""
    kind = question.type if question is not None else None
    known = paces.setdefault(kind, []) if kind is not None else []
    slow = pace.slow(one.seconds, known)
    if one.seconds is not None:
        known[:] = [one.seconds, *known[: pace.LAST - 1]]
    return {
        "receipt": one.receipt,
        "person_id": person_id,
        "item": one.item,
        "source": one.source,
        "score": one.score,
        "confidence": one.confidence,
        "answered_at": one.answered_at,
        "answered_on": day,
        "answer": None,
        "kind": kind,
        "seconds": one.seconds,
        "slow": slow,
    }


def refold(person_id: int, skills: Mapping[str, str]) -> None:
    """Derive the cards of these items from their logs; `skills` says which skill each asks for. Two statements."""
    logs = queries.logs_of(person_id, sorted(skills))
    rows = []
    for item, answers in logs.items():
        memory = remember(answers)
        figures = {name: getattr(memory, name) for name in _REMEMBERED}
        rows.append({"person_id": person_id, "item": item, "skill_key": skills[item], **figures})
    if rows:
        db.session.execute(inserting(CARD, ["person_id", "item"], ["skill_key", *_REMEMBERED]), rows)


def _draw(person_id: int, roles: Collection[str], day: date, at: datetime) -> tuple[list[list[Any]], str | None]:
    versions = library.current_versions()
    modules = {key: library.module(version_id) for key, version_id in versions.items()}
    # What is no longer asked in the version in use is not asked here either; its card stays for the day it comes back.
    cards = [card for card in queries.cards_of(person_id) if _still_asked(card.item, modules)]
    gains = _gains(person_id, at)
    items = drawn(cards, gains, day)
    stories = [story for module in modules.values() if set(module.audience).intersection(roles) for story in module.stories]
    pairs = [[item, versions[item.split("/")[0]]] for item in items]
    return pairs, _turn(person_id, stories, gains, at)


def _still_asked(item: str, modules: Mapping[str, Module]) -> bool:
    content = modules.get(item.split("/")[0])
    return content is not None and queries.question_of(content, item) is not None


def _gains(person_id: int, at: datetime) -> dict[str, float]:
    """How far below its target each skill is, on the logit scale."""
    levels = profile.levels(person_id, at)
    targets = expectations.targets_of([person_id], at)[person_id]
    return {
        skill: max(threshold(target.level) - levels[skill].figure.mean, 0.0)
        for skill, target in targets.items()
        if skill in levels and target.level > 1
    }


def _turn(person_id: int, stories: Sequence[Story], gains: Mapping[str, float], at: datetime) -> str | None:
    """The role-play to play a turn of: after two hard ones, or a low pulse, an easy one; else the one left open, else the one that trains
    what is furthest below its target.
    """
    open_ones = [run.story for run in roleplays.open_runs(person_id, most=1)]
    ranks, ends = roleplays.standing_of(person_id)
    said = roleplays.pulses_of(person_id, at)
    if weary(ends, at) or low(next(iter(said), None), at):
        easy = gentler(stories, ranks, [end.story for end in ends])
        return easy.id if easy is not None else None
    if open_ones and any(story.id == open_ones[0] for story in stories):
        return open_ones[0]

    def order(story: Story) -> tuple[bool, float, int, str]:
        return ranks.get(story.id, 0) >= BEST, -max((gains.get(skill, 0.0) for skill in story.skills), default=0.0), story.difficulty, story.id

    return min(stories, key=order).id if stories else None


def skip(person_id: int, time_zone: str, at: datetime) -> None:
    """Leave today's set for another day. Nothing is recorded and no card changes; it can be taken up again."""
    day = local_date(at, time_zone)
    found = queries.set_on(person_id, day)
    if found is not None:
        # Of a finished set nothing is left to leave.
        found.skipped_at = None if found.finished_at is not None else at
        db.session.flush()
        return
    values: dict[str, Any] = {"items": [], "story": None, "drawn_at": None, "finished_at": None, "skipped_at": at}
    insert_once(ReviewSet, {"person_id": person_id, "day": day, **values}, ["person_id", "day"])


def answer(set_id: int, person_id: int, place: int, form: Form, lang: str, time_zone: str, at: datetime) -> None:
    """Keep the answer to the question at a place of a set. The first answer of a day counts; sending another changes nothing."""
    found = queries.set_or_404(set_id, person_id)
    if not 1 <= place <= len(found.items):
        raise Refusal(_("That question is not part of these reviews. Load the page again to see them."), 404, "not_in_set")
    item, version_id = found.items[place - 1]
    before = queries.answers_of(found)
    if item in before:
        return
    content = library.module(version_id)
    question = queries.question_of(content, item)
    assert question is not None
    kind = kind_of(question)
    given = kind.read(question, form, queries.seed_of(found, place), lang)
    sure = form.get("confidence")
    day = local_date(at, time_zone)
    took = pace.taken(form, queries.shown_as(set_id), at, max((one.answered_at for one in before.values()), default=None))
    row = {
        "receipt": f"spaced_review/{person_id}/{item}/{day.isoformat()}",
        "person_id": person_id,
        "item": item,
        "source": "spaced_review",
        "score": kind.mark(question, given).score,
        "confidence": sure if sure in CONFIDENCE else None,
        "answered_at": at,
        "answered_on": day,
        "answer": given,
        "kind": question.type,
        "seconds": took,
        "slow": None if took is None else pace.slow(took, queries.paces_of(person_id).get(question.type, [])),
    }
    if insert_once(ReviewLog, row, ["receipt"]) is None:
        return
    refold(person_id, {item: question.skill})
    profile.record([_showing(row, question, version_id, at)], at)
    if found.finished_at is None and len(before) + 1 == len(found.items):
        found.finished_at = at
        db.session.flush()


def _showing(row: Mapping[str, Any], question: Question, version_id: int, at: datetime) -> profile.Showing:
    return profile.Showing(
        person_id=row["person_id"],
        skill=question.skill,
        source="spaced_review",
        score=row["score"],
        item=row["item"],
        occurred_at=at,
        receipt=row["receipt"],
        detail={"question": question.id, "version": version_id, "confidence": row["confidence"]},
        choices=kind_of(question).choices(question),
    )
