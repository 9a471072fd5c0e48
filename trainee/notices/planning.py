"""Which messages are due, each once: what the rules find, when it is told, and what is held back."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select

from trainee.kit.db import db, insert_many_once, insert_once
from trainee.notices.kind import Kind, Occasion, key_of, kinds, one_look
from trainee.notices.models import NOTICE, RULE, STEP, Notice, NoticeRule
from trainee.notices.readers import Recipient, Recipients

# A message is written down when it is to be told within this time, so that the page of tomorrow is whole; not earlier, as much changes until then.
LOOK_AHEAD = timedelta(hours=48)
_MANY = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it would be written down: to whom, of which kind, when it is told, or why it is held back."""

    kind: Kind
    occasion: Occasion
    key: str
    send_at: datetime
    why: str | None

    def row(self, at: datetime) -> dict[str, Any]:
        """As the columns of its row."""
        one, held = self.occasion, self.why is not None
        return {
            "key": self.key,
            "rule": self.kind.key,
            "person_id": one.person_id,
            "subject": one.subject,
            "occasion": one.occasion,
            "reason": dict(one.reason),
            "urgent": self.kind.urgent or one.urgent,
            "since": one.since,
            "until": one.until,
            "planned_at": at,
            "send_at": self.send_at,
            "state": "held_back" if held else "planned",
            "why": self.why,
            "settled_at": at if held else None,
            "read_at": None,
            "delivery_id": None,
        }


def plan(at: datetime, rules: Collection[str] | None = None, people: Collection[int] | None = None) -> int:
    """Write down every message that is due soon, and what is held back; how many are new. Doing it again changes nothing.

    `rules` and `people` narrow it, for whoever has just done something that one person is to be told of.
    """
    recipients, known = Recipients(at), began()
    mine = [kind for kind in kinds if rules is None or kind.key in rules]
    for kind in mine:
        if kind.key not in known:
            insert_once(NoticeRule, {"rule": kind.key, "began_at": at}, ["rule"])
    return _keep(drafts(mine, at, recipients, known, people), at)


def tell(rule: str, people: Iterable[int], at: datetime) -> None:
    """Write down what this rule finds for these people now: in the transaction of the deed that it tells of.

    A rule that has never run here begins with the timetable and not with a deed, so that its first run is a silent one.
    """
    whom = set(people)
    if whom and db.session.scalar(select(RULE.c.began_at).where(RULE.c.rule == rule)) is not None:
        # Whoever writes rows of her own waits in the session; the statements of a kind look at the database.
        db.session.flush()
        plan(at, [rule], whom)


def began() -> dict[str, datetime]:
    """Since when each rule has been at work here."""
    return {row.rule: row.began_at for row in db.session.execute(select(RULE.c.rule, RULE.c.began_at))}


def drafts(
    of: Sequence[Kind], at: datetime, recipients: Recipients, since: Mapping[str, datetime], people: Collection[int] | None = None
) -> list[Draft]:
    """The messages of these kinds that would be written down at `at` and stand nowhere yet; `since`: since when each rule has been at work."""
    made: list[Draft] = []
    with one_look():
        found = {kind.key: {key_of(kind.key, one): one for one in kind.occasions(at, people)} for kind in of}
        for known in _known([key for mine in found.values() for key in mine]):
            del found[known.partition("/")[0]][known]
        recipients.need({one.person_id for mine in found.values() for one in mine.values()})
        for kind in of:
            made += _near(kind, found[kind.key], at, recipients, since.get(kind.key, at))
    return made


def _near(kind: Kind, found: Mapping[str, Occasion], at: datetime, recipients: Recipients, since: datetime) -> Iterator[Draft]:
    """Of what a kind has found, that which is to be told soon and is really still so."""
    near: dict[str, tuple[datetime, str | None]] = {}
    for key, one in found.items():
        who = recipients[one.person_id]
        if who.active and who.wish(kind) != "off":
            send_at = who.send_at(kind, one, at)
            why = _held(one, send_at, who, since)
            soon = send_at <= at + LOOK_AHEAD
            if soon and not (kind.passing and why is not None) and not _gives_way(kind, one, send_at, who, at):
                near[key] = send_at, why
    for one in kind.settle([found[key] for key in near], at) if near else ():
        key = key_of(kind.key, one)
        send_at, why = near[key]
        yield Draft(kind, one, key, send_at, why)


def _gives_way(kind: Kind, one: Occasion, send_at: datetime, who: Recipient, at: datetime) -> bool:
    """Whether what follows it is told as early, and comes to her by the same way."""
    if one.then is None:
        return False
    following = kinds[kind.gives_way]
    same = who.wish(following) == who.wish(kind) or who.wish(following) in {"at_once", "daily"}
    return same and who.hours.on(one.then, at, following.early) <= send_at


def _held(one: Occasion, send_at: datetime, who: Recipient, since: datetime) -> str | None:
    """Why a message is held back; None when it is not.

    What had been so before the rule was at work here, before she had an account or before it came into this installation, was old at first sight:
    nobody is told today what was news last month.
    """
    if one.since < max(since, who.created_at, one.known or one.since):
        return "silent_first_run"
    return "too_late" if one.until is not None and send_at > one.until else None


_KNOWN = select(NOTICE.c.key).where(NOTICE.c.key.in_(bindparam("keys", expanding=True)))


# Whoever else wrote one of them down at the same moment has written its first step as well.
_NEW = select(NOTICE.c.id, NOTICE.c.state, NOTICE.c.why).where(
    NOTICE.c.key.in_(bindparam("keys", expanding=True)), ~select(STEP.c.id).where(STEP.c.notice_id == NOTICE.c.id).exists()
)


def _known(keys: Iterable[str]) -> Iterator[str]:
    wanted = list(keys)
    for first in range(0, len(wanted), _MANY):
        yield from db.session.scalars(_KNOWN, {"keys": wanted[first : first + _MANY]})


def _keep(found: Sequence[Draft], at: datetime) -> int:
    """Write these down with the first step of their history; how many were new."""
    new = 0
    for first in range(0, len(found), _MANY):
        part = found[first : first + _MANY]
        insert_many_once(Notice, [draft.row(at) for draft in part], ["key"])
        mine = db.session.execute(_NEW, {"keys": [draft.key for draft in part]}).all()
        note([(row.id, row.state, row.why) for row in mine], at)
        new += len(mine)
    return new


_NOTE = insert(STEP)


def note(steps: Sequence[tuple[int, str, str | None]], at: datetime) -> None:
    """Write down what became of messages: (notice, state, why)."""
    if steps:
        rows = [{"notice_id": number, "at": at, "state": state, "why": why} for number, state, why in steps]
        db.session.execute(_NOTE, rows)


def still(rows: Sequence[Any], at: datetime) -> set[str]:
    """The keys of those of these planned or sent messages (of any kinds) that are still so: the stop condition of each kind."""
    by_rule: dict[str, dict[str, Any]] = {}
    for row in rows:
        by_rule.setdefault(row.rule, {})[row.key] = row
    found: set[str] = set()
    with one_look():
        # One question about the same people for all of them.
        people = {row.person_id for row in rows}
        for rule, mine in by_rule.items():
            kind = kinds.get(rule)
            if kind is not None:
                found |= _still(kind, mine, people, at)
    return found


def _still(kind: Kind, mine: Mapping[str, Any], people: Collection[int], at: datetime) -> set[str]:
    here = [one for one in kind.occasions(at, people) if key_of(kind.key, one) in mine]
    return {key_of(kind.key, one) for one in kind.holds(here, at)} if here else set()
