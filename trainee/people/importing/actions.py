"""Taking a file of people, saying what its columns are, and asking for it to be applied or undone."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from trainee.kit import audit, trtext
from trainee.kit.db import db, upsert
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.tables import UnreadableError
from trainee.people.importing.fields import FIELDS, KEYS, LEFT_OUT, guesses
from trainee.people.importing.models import WAITING, ImportHeading, PeopleImport, PeopleImportRow
from trainee.people.importing.planning import asks_to_type, heading_keys
from trainee.people.importing.source import Source, look, rows_below
from trainee.people.importing.wording import why_unreadable

# How long what an import did can be taken back, and how long the file with its rows is kept.
UNDO, KEPT = timedelta(days=1), timedelta(days=7)
USUAL: dict[str, Any] = {"close_missing": False, "make_places": True, "unit": ""}


def take(file: str, body: bytes, by_id: int | None, at: datetime, usual: Mapping[str, Any] | None = None) -> PeopleImport:
    """Keep an uploaded file; the same one once more is the one that waits already. Refusal where it is no table of ours."""
    if not body:
        raise Refusal(_("This file is empty. Please choose another one."), 422, "file")
    try:
        source = look(body)
    except UnreadableError as wrong:
        raise Refusal(why_unreadable(wrong.code), 422, "file") from None
    digest = hashlib.sha256(body).hexdigest()
    waits = select(PeopleImport).where(PeopleImport.digest == digest, PeopleImport.by_id.is_not_distinct_from(by_id))
    known = db.session.scalars(waits.where(PeopleImport.state.in_(("new", "checked", "checking"))).order_by(PeopleImport.id.desc())).first()
    if known is not None:
        return known
    made = PeopleImport(
        file=file[-120:] or "?",
        digest=digest,
        body=body,
        by_id=by_id,
        uploaded_at=at,
        state="new",
        reading=source.reading | {"headings": source.headings, "fields": guesses(source.headings, remembered(), source.samples)},
        options=USUAL | dict(usual or {}) | last_options(),
        step="",
        done=0,
        total=0,
        counts={},
        findings=source.findings,
        made={"teams": [], "units": []},
        plan=None,
        checked_at=None,
        applied_at=None,
        undone_at=None,
        problem=None,
    )
    db.session.add(made)
    db.session.flush()
    audit.note(by_id, "upload_people", f"people_import/{made.id}", at, bytes=len(body))
    return made


def remembered() -> dict[str, str]:
    """What every heading that was settled before means."""
    return {row.heading: row.field for row in db.session.execute(select(ImportHeading.heading, ImportHeading.field))}


def last_options() -> dict[str, Any]:
    """What was chosen the last time; whether whoever is missing is closed is asked anew each time."""
    last = select(PeopleImport.options).where(PeopleImport.applied_at.is_not(None)).order_by(PeopleImport.id.desc()).limit(1)
    found = db.session.scalar(last) or {}
    return {key: value for key, value in found.items() if key in ("make_places", "unit")}


def is_settled(source: Source) -> bool:
    """Whether nothing needs to be asked: every heading was settled before, and the encoding is beyond doubt."""
    known = remembered()
    return not source.asks and all(heading in known for heading in heading_keys(source.headings, source.headings))


def complaint(fields: Sequence[str]) -> str | None:
    """What is wrong with these columns; None when nothing is."""
    chosen = [field for field in fields if field != LEFT_OUT]
    twice = next((field for field in chosen if chosen.count(field) > 1), None)
    if twice is not None:
        return _("“%(field)s” is chosen for two columns. Please choose it for one of them.", field=FIELDS[twice])
    if not any(key in chosen for key in KEYS):
        return _("Please say which column holds the number, the user name or the e-mail address; by it people are known again.")
    if "first_name" in chosen and "last_name" not in chosen:
        return _("There is a column for the first name and none for the last name. Please choose both, or one for the whole name.")
    if "last_name" in chosen and "first_name" not in chosen:
        return _("There is a column for the last name and none for the first name. Please choose both, or one for the whole name.")
    return None


def settle(one: PeopleImport, wished: Mapping[str, Any], fields: Sequence[str], options: Mapping[str, Any]) -> None:
    """How the file is read and what its columns are. Its rows are to be checked now. Refusal for what cannot be."""
    _require_body(one)
    if one.state not in ("new", "checking", "checked", "failed"):
        raise Refusal(_("This file was taken in already; its columns cannot be changed any more."))
    try:
        source = look(one.body or b"", wished)
    except UnreadableError as wrong:
        raise Refusal(why_unreadable(wrong.code), 422, "encoding") from None
    if len(fields) != len(source.headings):
        raise Refusal(_("The columns of this file are read differently now. Please look at them once more."), 422, "fields")
    if (wrong_with := complaint(fields)) is not None:
        raise Refusal(wrong_with, 422, "fields")
    one.reading = source.reading | {"headings": source.headings, "fields": list(fields)}
    one.options = USUAL | dict(options)
    one.findings = source.findings
    check_again(one)


def remember(one: PeopleImport, at: datetime) -> None:
    """What its columns are is taken for settled in the next file: somebody has looked at them, or the file is applied by them."""
    for heading, field in heading_keys(one.reading["headings"], one.reading["fields"]).items():
        upsert(ImportHeading, {"heading": heading, "field": field, "settled_at": at}, ["heading"], ["field", "settled_at"])


def check_again(one: PeopleImport) -> None:
    """Its rows are to be looked at, once more."""
    _require_body(one)
    db.session.execute(delete(PeopleImportRow).where(PeopleImportRow.import_id == one.id))
    one.state, one.step, one.done, one.total, one.plan, one.counts, one.problem = "checking", "reading", 0, 0, None, {}, None
    db.session.flush()


def ask_to_apply(one: PeopleImport, typed: str, open_accounts: int) -> None:
    """Have it applied in the background, once however often it is pressed. Refusal where a number must be typed and was not."""
    if one.state in ("applying", "applied"):
        return
    if one.state != "checked":
        raise Refusal(_("This file cannot be applied now. Please look at it once more."))
    wanted = asks_to_type(one.counts, open_accounts)
    if wanted and typed.strip() != str(wanted):
        raise Refusal(
            _("%(num)s accounts would be closed. Please type that number, so that it does not happen by mistake.", num=wanted), 422, "typed"
        )
    one.state, one.step, one.done, one.problem = "applying", "waiting", 0, None
    db.session.flush()


def ask_to_undo(one: PeopleImport, at: datetime) -> None:
    """Have it taken back in the background. Refusal when the day is over."""
    if one.state in ("undoing", "undone"):
        return
    if not may_undo(one, at):
        raise Refusal(_("This can be taken back for one day after it was applied, and no longer."))
    one.state, one.step, one.done = "undoing", "waiting", 0
    db.session.flush()


def may_undo(one: PeopleImport, at: datetime) -> bool:
    """Whether what it did can still be taken back."""
    return one.state == "applied" and one.applied_at is not None and at - one.applied_at <= UNDO


def put_aside(one: PeopleImport, by_id: int | None, at: datetime) -> None:
    """Leave a file: it and its rows are deleted now. What was applied stays, but cannot be taken back any more."""
    if one.state in WAITING:
        raise Refusal(_("This file is being worked on. Please wait until that is over."))
    _forget(one.id)
    if one.applied_at is None:
        one.state = "put_aside"
    db.session.flush()
    audit.note(by_id, "delete_people_file", f"people_import/{one.id}", at)


def sweep(at: datetime) -> None:
    """Delete the files and rows of imports that are older than a week; the counts stay."""
    old = select(PeopleImport.id).where(PeopleImport.body.is_not(None), PeopleImport.uploaded_at < at - KEPT, PeopleImport.state.not_in(WAITING))
    done = select(PeopleImport.id).where(PeopleImport.applied_at.is_(None), PeopleImport.undone_at.is_(None))
    for number in db.session.scalars(old.where(PeopleImport.applied_at.is_(None) | (PeopleImport.applied_at < at - KEPT))).all():
        _forget(number)
    stale = update(PeopleImport).where(PeopleImport.id.in_(done), PeopleImport.body.is_(None), PeopleImport.state.not_in(WAITING))
    db.session.execute(stale.values(state="put_aside"))


def _forget(import_id: int) -> None:
    db.session.execute(delete(PeopleImportRow).where(PeopleImportRow.import_id == import_id))
    db.session.execute(update(PeopleImport).where(PeopleImport.id == import_id).values(body=None))


def _require_body(one: PeopleImport) -> None:
    if one.body is None:
        raise Refusal(_("This file is not kept any more. Please upload it again."))


def forget_files_naming(words: Sequence[str]) -> int:
    """Delete every file that is still kept and in which one of these words stands, with its rows; how many. For the privacy action only."""
    folded = [trtext.fold(word) for word in words]
    gone = 0
    for one in db.session.scalars(select(PeopleImport).where(PeopleImport.body.is_not(None))).all():
        try:
            told = any(_names(record.cells, folded) for record in rows_below(one.body or b"", one.reading))
        except UnreadableError:
            # What cannot be read any more may hold anything.
            told = True
        if told:
            _forget(one.id)
            gone += 1
            if one.applied_at is None:
                one.state = "put_aside"
    db.session.flush()
    return gone


def _names(cells: Sequence[str], folded: Sequence[str]) -> bool:
    return any(word in cell for cell in map(trtext.fold, cells) for word in folded)
