"""Interviews, and what was said in all of them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.people import Person, Viewer
from trainee.voice.interviews.models import InterviewGuide, InterviewQuote, InterviewTalk

# Whoever asks, and who decides what is done about it.
EVERYBODYS = ("hr", "trainer")


def talks_for(who: Viewer) -> list[Any]:
    """Interviews this viewer reads, the newest first: all for HR and trainers, else her own."""
    quotes = select(func.count()).where(InterviewQuote.talk_id == InterviewTalk.id).correlate(InterviewTalk).scalar_subquery()
    columns = (InterviewTalk.id, InterviewTalk.guide, InterviewTalk.held_on, InterviewTalk.whom, Person.name, quotes.label("quotes"))
    statement = select(*columns).join(Person, Person.id == InterviewTalk.interviewer_id)
    if not who.holds(*EVERYBODYS):
        statement = statement.where(InterviewTalk.interviewer_id == who.id)
    return list(db.session.execute(statement.order_by(InterviewTalk.held_on.desc(), InterviewTalk.id.desc()).limit(200)))


def talk_or_404(talk_id: int, who: Viewer) -> InterviewTalk:
    """One of them."""
    found = db.session.get(InterviewTalk, talk_id)
    if found is None or (found.interviewer_id != who.id and not who.holds(*EVERYBODYS)):
        raise NotFound
    return found


def quotes_of(talk_id: int) -> list[InterviewQuote]:
    """What was coded in one interview."""
    return list(db.session.execute(select(InterviewQuote).where(InterviewQuote.talk_id == talk_id).order_by(InterviewQuote.id)).scalars())


@dataclass(slots=True)
class Column:
    """Strengths, or weaknesses: how often each skill and quality was spoken of, in how many interviews, and what was said."""

    skills: Counter[str] = field(default_factory=Counter)
    qualities: Counter[str] = field(default_factory=Counter)
    said: list[Any] = field(default_factory=list)
    talks: set[int] = field(default_factory=set)


def two_columns(limit: int = 40, guide_key: str | None = None) -> dict[str, Column]:
    """What was said in all interviews, or along all versions of one guide and in both languages, in two columns; the words of the newest.

    Nobody is named in it. One statement.
    """
    found = {"strength": Column(), "weakness": Column()}
    columns = (InterviewQuote.talk_id, InterviewQuote.words, InterviewQuote.verbatim, InterviewQuote.side, InterviewQuote.skill_key)
    statement = select(*columns, InterviewQuote.quality)
    if guide_key is not None:
        statement = statement.join(InterviewTalk, InterviewTalk.id == InterviewQuote.talk_id).where(InterviewTalk.guide_key == guide_key)
    statement = statement.order_by(InterviewQuote.coded_at.desc(), InterviewQuote.id.desc())
    for row in db.session.execute(statement):
        column = found[row.side]
        column.talks.add(row.talk_id)
        if row.skill_key:
            column.skills[row.skill_key] += 1
        if row.quality:
            column.qualities[row.quality] += 1
        if len(column.said) < limit:
            column.said.append(row)
    return found


# Guides that were written here ------------------------------------------------------------------------------------------------------------------


def guides() -> list[InterviewGuide]:
    """The newest version of every guide that was written here, those that are set aside last. One statement."""
    newest = select(func.max(InterviewGuide.id)).group_by(InterviewGuide.key)
    rows = db.session.execute(select(InterviewGuide).where(InterviewGuide.id.in_(newest))).scalars()
    return sorted(rows, key=lambda row: (row.set_aside, trtext.sort_key(row.title["tr"])))


def guide_or_404(guide_id: int) -> InterviewGuide:
    """That version of a guide."""
    found = db.session.get(InterviewGuide, guide_id)
    if found is None:
        raise NotFound
    return found


def versions_of(key: str) -> list[Any]:
    """The versions of a guide, the newest first, each with how many talks were held along it. One statement."""
    talks = select(func.count()).where(InterviewTalk.guide_id == InterviewGuide.id).correlate(InterviewGuide).scalar_subquery()
    columns = (InterviewGuide.id, InterviewGuide.version, InterviewGuide.made_at, talks.label("talks"))
    return list(db.session.execute(select(*columns).where(InterviewGuide.key == key).order_by(InterviewGuide.version.desc())))


def talks_along(key: str | None = None) -> dict[str, Counter[str]]:
    """How many talks were held along each guide, or along one, by the language they were held in (empty where nobody noted it). One statement."""
    statement = select(InterviewTalk.guide_key, InterviewTalk.language, func.count()).group_by(InterviewTalk.guide_key, InterviewTalk.language)
    found: dict[str, Counter[str]] = {}
    for one, spoken, many in db.session.execute(statement if key is None else statement.where(InterviewTalk.guide_key == key)).tuples():
        found.setdefault(one, Counter())[spoken or ""] += many
    return found


def plain(guide: InterviewGuide) -> dict[str, Any]:
    """A guide as plain values, as a talk keeps it."""
    names = ("key", "version", "title", "intro", "consent", "questions", "minutes")
    return {name: getattr(guide, name) for name in names} | {"guide_id": guide.id}
