"""Making somebody anonymous: who she was goes everywhere, and what was counted stays, so that no figure of a team moves.

First everything that tells who she is and every free word about her; then her name, addresses and numbers wherever anybody else wrote them down.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, cast

from sqlalchemy import JSON, ColumnElement, String, Table, Text, bindparam, delete, or_, select, update
from sqlalchemy import cast as sql_cast

from trainee.evidence import blank_details, blank_rows
from trainee.kit import audit, trtext
from trainee.kit.audit import AuditEntry
from trainee.kit.db import Base, db, reading
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.guards import open_door
from trainee.kit.i18n import _
from trainee.kit.jobs import Tally, one_by_one
from trainee.people import Person
from trainee.people.importing import forget_files_naming
from trainee.plans import rename_certificates
from trainee.privacy.belonging import NOBODYS, about
from trainee.privacy.destroying import note_destruction
from trainee.privacy.inventory import FREE_WORDS, HELD
from trainee.privacy.models import Anonymity
from trainee.privacy.words import blank
from trainee.service.roster.models import DutyShift

# On what ground: she asked, it was kept long enough, or another reason that the law knows.
GROUNDS: Final = ("asked", "kept_long_enough", "law")
# Rows that say who she is, how to reach her, or what nobody but her needs; in the order in which they may go.
GONE: Final = (
    *(
        "photo",
        "oidc_identity",
        "sign_in",
        "access_link",
        "link_request",
        "lesson_note",
        "task_report",
        "private_note",
        "role_play_pulse",
        "observation_draft",
        "module_upload",
    ),
    *(
        "expectation_draft",
        "notice_step",
        "notice",
        "delivery",
        "notice_habit",
        "notice_wish",
        "report_sending",
        "report_reader",
        "people_import_row",
    ),
    *("calendar_link", "report_piece", "report_file"),
    *("self_review_wish", "privacy_reading", "record_look", "report_table", "customer_hours", "contact_check"),
)
# What she proposed is of use to others and stays; her name in it goes like everywhere.
_KEPT_WORDS: Final = frozenset(
    {
        "suggestion",
        "module_version",
        "scorecard_version",
        "assignment_rule",
        "calibration_case",
        "privacy_notice",
        "interview_talk",
        "interview_quote",
        "public_voice",
        *("suggestion", "module_version", "scorecard_version", "assignment_rule", "calibration_case", "privacy_notice"),
        *(
            *("policy_card_version", "goal"),
            "service_entry",
            "service_draft",
            "service_version",
            "complaint",
            "complaint_remedy",
            "improvement",
            "walk",
            "baseline",
        ),
    }
)
# Names that content, programs and figures go by, and no words of anybody.
_NO_WORDS: Final = re.compile(r"(^|_)(id|key|keys|receipt|digest|seed|source|item|kind|state|skill|rule|origin|channel|zone|plan|job|what|number)$")
# Letters that are written alike in every case and language; the i's of Turkish are not among them.
_ALIKE: Final = re.compile(r"[A-HJ-Za-hj-z0-9@._-]+")
# Words that were written for everybody: a first name in them is that of somebody in an example.
_FOR_EVERYBODY: Final = frozenset(
    {
        *("module_version", "scorecard_version", "privacy_notice", "policy_card", "survey", "survey_wave", "interview_guide"),
        *("service_entry", "service_draft", "service_version"),
    }
)
_REMOVED: Final = "[…]"


def ask(person_id: int, *, ground: str, typed: str, by_id: int, at: datetime) -> None:
    """Have somebody made anonymous by the next worker that looks, once however often it is pressed. Refusal while her account is open."""
    who = db.session.get_one(Person, person_id)
    if person_id == by_id:
        raise Forbidden(_("Nobody makes herself anonymous. Please ask another colleague in HR."))
    if ground not in GROUNDS:
        raise Refusal(_("Please choose the ground."), 422, "ground")
    if db.session.get(Anonymity, person_id) is not None:
        return
    if who.disabled_at is None:
        raise Refusal(_("This account is open. Close it first; somebody who works here cannot be made anonymous."))
    if trtext.fold(typed.strip()) != who.username_key:
        raise Refusal(_("Please type the user name, so that it does not happen by mistake. It cannot be taken back."), 422, "typed")
    db.session.add(Anonymity(person_id=person_id, ground=ground, asked_by_id=by_id, asked_at=at, done_at=None))
    audit.note(by_id, "ask_anonymity", f"person/{person_id}", at, ground=ground)


def work(at: datetime) -> Tally:
    """Make everybody anonymous who waits for it, each in a transaction of her own."""
    with reading():
        waiting = db.session.scalars(select(Anonymity.person_id).where(Anonymity.done_at.is_(None)).order_by(Anonymity.asked_at)).all()
        db.session.rollback()
    told = one_by_one("anonymise", [partial(anonymise, person_id, at) for person_id in waiting])
    if waiting:
        forget_journal()
    return told


def forget_journal() -> None:
    """On SQLite, bring everything into the one file and empty the journal beside it, which still holds pages as they were before.

    The file itself keeps nothing of what was deleted (`secure_delete`). PostgreSQL clears its pages by its own vacuum.
    """
    if db.engine.dialect.name == "sqlite":
        db.session.rollback()
        connection = db.engine.raw_connection()
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def anonymise(person_id: int, at: datetime) -> dict[str, int]:
    """Do it; how many entries of which tables. What others wrote is searched before anybody has to wait for the lock."""
    with reading():
        words, parts = needles(person_id), own_parts(person_id)
        found = list(mentions(words, parts))
        db.session.rollback()
    asked = db.session.get_one(Anonymity, person_id, populate_existing=True)
    if asked.done_at is not None:
        return {}
    counts = _delete(person_id)
    # Large files that wait for their readers tell of everybody; they are asked for once more.
    sending = Base.metadata.tables["report_sending"]
    db.session.execute(update(sending).where(sending.c.file_id.in_(_ready())).values(file_id=None))
    for name in ("report_piece", "report_file"):
        table = Base.metadata.tables[name]
        db.session.execute(delete(table).where(table.c.file_id.in_(_ready()) if name == "report_piece" else table.c.id.in_(_ready())))
    counts |= _blank(person_id)
    counts["evidence"] = blank_details(person_id)
    counts["certificate"] = rename_certificates(person_id, f"#{person_id}")
    db.session.execute(update(DutyShift).where(DutyShift.person_id == person_id).values(phone=""))
    _rename(person_id)
    counts["mentions"] = _strike(found) + forget_files_naming(words)
    _blank_deeds(person_id, words, parts)
    asked.done_at = at
    note_destruction("anonymised", f"person/{person_id}", asked.ground, {name: many for name, many in counts.items() if many}, asked.asked_by_id, at)
    audit.note(asked.asked_by_id, "anonymise", f"person/{person_id}", at)
    db.session.flush()
    return counts


def needles(person_id: int) -> list[str]:
    """Everything by which she could be found: her name, user name, address, number and telephone numbers."""
    row = db.session.execute(select(Person.name, Person.username, Person.email, Person.employee_no).where(Person.id == person_id)).one()
    phones = db.session.scalars(select(DutyShift.phone).where(DutyShift.person_id == person_id).distinct()).all()
    return sorted({word.strip() for word in (*row, *phones) if word and len(word.strip()) > 2}, key=lambda word: (-len(word), word))


def own_parts(person_id: int) -> list[str]:
    """The parts of her name that nobody else here bears: alone they say who is meant, and a part that others bear does not."""
    names = {row.id: trtext.folded(row.name).split() for row in db.session.execute(select(Person.id, Person.name))}
    others = {part for number, parts in names.items() if number != person_id for part in parts}
    name = db.session.scalars(select(Person.name).where(Person.id == person_id)).one()
    return [part for part in name.split() if len(part) > 2 and trtext.fold(part) not in others]


def _tables() -> Iterator[tuple[Table, list[str]]]:
    """Each table that is about people with its columns of words."""
    for held in HELD:
        for name, columns in held.columns.items():
            table = Base.metadata.tables[name]
            wanted = [one for one in columns.split() if _may_hold_words(table.c[one].type, one)]
            if wanted and name not in ("person", "audit_entry", "certificate", "throttle"):
                yield table, wanted


def _may_hold_words(kind: Any, name: str) -> bool:
    return isinstance(kind, Text | JSON) or (isinstance(kind, String) and not _NO_WORDS.search(name))


def _pattern(words: Sequence[str], parts: Sequence[str] = ()) -> re.Pattern[str]:
    told = [rf"(?<!\w){re.escape(trtext.fold(word))}(?!\w)" for word in words]
    # One part of a name counts where it is written as a name: deniz is the sea as well.
    return re.compile("|".join([*told, *(rf"(?<!\w)(?P<part{place}>{re.escape(trtext.fold(part))})(?!\w)" for place, part in enumerate(parts))]))


def mentions(words: Sequence[str], parts: Sequence[str] = ()) -> Iterator[tuple[Table, dict[str, Any], dict[str, Any]]]:
    """Rows in which anybody wrote one of these words, or a part of a name as a name: the table, its key, and its columns as they are to read."""
    whole, both = _pattern(words), _pattern(words, parts)
    for table, columns in _tables():
        keys = [key.name for key in table.primary_key]
        pattern, wanted = (whole, words) if table.name in _FOR_EVERYBODY else (both, [*words, *parts])
        statement = select(*(table.c[name] for name in dict.fromkeys([*keys, *columns]))).where(_perhaps([table.c[name] for name in columns], wanted))
        for row in db.session.execute(statement.execution_options(yield_per=500)).mappings():
            struck = {name: after for name in columns if (after := _without(row[name], pattern)) != row[name]}
            if struck:
                yield table, {name: row[name] for name in keys}, struck


def _perhaps(columns: Sequence[Any], words: Sequence[str]) -> ColumnElement[bool]:
    """Asks the database only for rows that hold, in their order, the letters of a word that are written alike everywhere; the rest is done here."""
    runs = [_ALIKE.findall(word) for word in words]
    if any(len("".join(run)) < 3 for run in runs):
        return or_(*(column.is_not(None) for column in columns))
    likes = [f"%{'%'.join(run).replace('_', '/_')}%" for run in runs]
    return or_(*(sql_cast(column, Text).ilike(like, escape="/") for column in columns for like in likes))


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    """A value without these words, in whatever case and with or without accents; the rest of it is as it was."""
    if isinstance(value, str):
        return _struck(value, pattern)
    if isinstance(value, list):
        return [_without(one, pattern) for one in value]
    return {key: _without(one, pattern) for key, one in value.items()} if isinstance(value, dict) else value


def _struck(text: str, pattern: re.Pattern[str]) -> str:
    if not pattern.search(trtext.fold(text)):
        return text
    # Folding may change how long a text is, so it is gone through letter by letter and each folded letter remembers where it stood.
    places = [(folded, place) for place, letter in enumerate(text) for folded in trtext.fold(letter)]
    folded = "".join(sign for sign, _place in places)
    for found in reversed(list(pattern.finditer(folded))):
        first, last = places[found.start()][1], places[found.end() - 1][1]
        if found.lastgroup is not None and not text[first].isupper():
            continue
        text = text[:first] + _REMOVED + text[last + 1 :]
    return text


def _ready() -> Any:
    file = Base.metadata.tables["report_file"]
    return select(file.c.id).where(file.c.state.not_in(("waiting", "working")))


def _delete(person_id: int) -> dict[str, int]:
    counts = {}
    with open_door():
        for name in GONE:
            table = Base.metadata.tables[name]
            counts[name] = cast(Any, db.session.execute(delete(table).where(about(table, person_id)))).rowcount
    return counts


def _blank(person_id: int) -> dict[str, int]:
    """Every free word about her, whoever wrote it; the marks beside it stay."""
    counts: dict[str, int] = {}
    for held in HELD:
        for name, columns in held.columns.items():
            table = Base.metadata.tables[name]
            if name in GONE or name in NOBODYS or name in _KEPT_WORDS or name in ("person", "evidence", "audit_entry", "certificate", "destruction"):
                continue
            for column in columns.split():
                if (isinstance(table.c[column].type, Text) or (name, column) in FREE_WORDS) and column != "part":
                    counts[name] = counts.get(name, 0) + blank(table, column, about(table, person_id))
    return counts


def _rename(person_id: int) -> None:
    name = f"#{person_id}"
    nothing = dict.fromkeys(("email", "email_key", "employee_no", "hired_on", "password_hash", "photo_digest"))
    values = {"username": name, "username_key": name, "name": name, "name_sort": trtext.sort_key(name), **nothing}
    db.session.execute(update(Person).where(Person.id == person_id).values(**values).execution_options(synchronize_session=False))
    db.session.expire_all()


def _strike(found: Sequence[tuple[Table, dict[str, Any], dict[str, Any]]]) -> int:
    """Write what was found without her; rows that have gone meanwhile are nobody's any more."""
    many = 0
    blank_rows([key["id"] for table, key, _after in found if table.name == "evidence"])
    for table, key, after in found:
        where = [table.c[name] == bindparam(f"_{name}") for name in key]
        if table.name == "evidence":
            continue
        if table.name == "record_look":
            after = {"reason": ""}
        with open_door():
            done = db.session.execute(update(table).where(*where).values(**after), {f"_{name}": value for name, value in key.items()})
        many += cast(Any, done).rowcount
    return many


def _blank_deeds(person_id: int, words: Sequence[str], parts: Sequence[str]) -> None:
    """Details of deeds that she did, that were done to her, or that name her."""
    pattern = _pattern(words, parts)
    hers = or_(AuditEntry.actor_id == person_id, AuditEntry.subject == f"person/{person_id}")
    rows = db.session.execute(select(AuditEntry.id, AuditEntry.detail).where(hers | _perhaps([AuditEntry.detail], [*words, *parts]))).all()
    told = [row.id for row in rows if row.detail and (_without(row.detail, pattern) != row.detail)]
    with open_door():
        for first in range(0, len(told), 500):
            db.session.execute(update(AuditEntry).where(AuditEntry.id.in_(told[first : first + 500])).values(detail={}))
