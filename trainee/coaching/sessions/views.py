"""Pages of coaching sessions: mine, one, and whether supervisors coach."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, g, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching.observations import planned_for
from trainee.coaching.sessions import actions, queries
from trainee.coaching.sessions.actions import Overtaken
from trainee.coaching.sessions.forms import FIELDS, FORMS, AgreementForm, CancelForm, MoveForm, PartForm, hints, several
from trainee.coaching.sessions.loop import CLOSES_FROM
from trainee.coaching.sessions.models import CoachingSession
from trainee.coaching.sessions.queries import Seen, Stood
from trainee.coaching.sessions.words import STATES
from trainee.evidence import sources
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.forms import beside
from trainee.kit.i18n import _, language
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import Viewer, require_role, viewer
from trainee.profile import Level, find
from trainee.skills import framework

bp = Blueprint("sessions", __name__)

_OPEN = ("promised", "missed")
_TRYING = ("agreed", "due", "early")
_ACTION_DAYS, _FOLLOW_UP_DAYS = 7, 14


@bp.get("/coaching")
def mine() -> Response:
    """My own sessions; those with a supervisor's people lie under Team."""
    who, at = viewer(), now()
    leads = who.holds("supervisor")
    looks = who.holds("executive") and not leads
    return show("sessions/mine.html", mine=queries.of_person(who.id, at), leads=leads, looks=looks, states=STATES, skill=skill_name)


@bp.get("/team/coaching")
def of_my_people() -> Response:
    """A supervisor's sessions with her people: promised, being tried, and how they ended."""
    who, at = viewer(), now()
    require_role(who, "supervisor")
    theirs = queries.in_my_charge(who, at)
    return show(
        "sessions/of_my_people.html",
        waiting=sorted((one for one in theirs if one.state in _OPEN), key=lambda one: one.row.promised_at),
        trying=[one for one in theirs if one.state in _TRYING],
        closed=[one for one in theirs if one.state == "closed"],
        states=STATES,
        skill=skill_name,
    )


def skill_name(skill: str) -> str:
    """A skill's name in the reader's language."""
    return framework().skill(skill).name.of(language())


@bp.get("/coaching/<int:session_id>")
def session(session_id: int) -> Response:
    """One session, for both sides and those above."""
    who = viewer()
    return _page(queries.session_or_404(session_id, who), who)


def _page(
    found: CoachingSession,
    who: Viewer,
    status: int = 200,
    form: PartForm | None = None,
    overtaken: bool = False,
    agreement: AgreementForm | None = None,
    moving: MoveForm | None = None,
    cancelling: CancelForm | None = None,
) -> Response:
    at = now()
    one = queries.one_seen(found.id, at)
    parts = queries.parts_of(found.id)
    note = queries.private_note(found.id, who.id)
    coaches = found.person_id != who.id
    g.area = "line" if coaches else "people.me"
    begun = queries.piece(found.evidence_id)
    return show(
        "sessions/session.html",
        status=status,
        one=one,
        state=STATES[one.state],
        skill=skill_name(found.skill_key),
        happened=sources[begun.source].sentence(begun.score) if begun.source in sources else "",
        happened_at=begun.occurred_at,
        parts=parts,
        forms=_forms(parts, note, form, overtaken),
        fields=FIELDS,
        refused=form.part if form is not None else "",
        overtaken=overtaken,
        note=note,
        hints=hints(parts["coach"].words) if "coach" in parts else [],
        coaches=coaches,
        open=one.state in _OPEN,
        asks_seen=not queries.tells_seen(parts.get("coach")),
        several=several(found.action or ""),
        mends=actions.can_be_mended(found, who.id, at),
        moves=queries.moves_of(found.id),
        agreement=agreement or _agreement(one, at),
        moving=moving or _moving(one, who),
        cancelling=cancelling or CancelForm(formdata=None),
        course=_course(one, at),
        follow_up=planned_for(actions.receipt_of(found.id)) if found.held_at is not None else None,
        least=CLOSES_FROM,
    )


def _forms(parts: dict[str, Any], note: Any, refused: PartForm | None, overtaken: bool) -> dict[str, PartForm]:
    """A form for every part with what stands there; the refused one keeps what was typed.

    It takes the version that stands there now only where that is shown beside it: else the next press would overwrite what nobody has read.
    """
    found = {}
    for name, kind in FORMS.items():
        row = note if name == "private" else parts.get(name)
        stands = {"note": row.words} if name == "private" and row is not None else (row.words if row is not None else {})
        version = row.version if row is not None else 0
        if refused is not None and refused.part == name:
            if overtaken or refused.version.errors:
                refused.version.data, refused.version.raw_data = version if overtaken else 0, None
            found[name] = refused
        else:
            found[name] = kind(formdata=None, data={"version": version, **stands}, prefix="")
    return found


def _agreement(one: Seen, at: datetime) -> AgreementForm:
    if one.row.held_at is not None:
        stands = {name: getattr(one.row, name) for name in ("action", "action_by", "follow_up_on")}
        return AgreementForm(formdata=None, data=stands | {"mend": "1"})
    day = local_date(at, one.row.time_zone)
    return AgreementForm(formdata=None, data={"action_by": day + timedelta(days=_ACTION_DAYS), "follow_up_on": day + timedelta(days=_FOLLOW_UP_DAYS)})


def _moving(one: Seen, who: Viewer) -> MoveForm:
    return MoveForm(formdata=None, data={"promised_at": one.row.promised_at.astimezone(ZoneInfo(who.time_zone)).replace(tzinfo=None)})


def _course(one: Seen, at: datetime) -> dict[str, Any] | None:
    """What we believed of the skill at work when the talk was held, and what we believe now; None while there is nothing to compare."""
    if not one.loop.tells:
        return None
    then, today = queries.course_of(one, at)
    return {"then": _belief(then.level), "now": _belief(today.level), "missing": _missing(then), "missing_now": _missing(today)}


def _missing(stood: Stood) -> str:
    """What was missing of what was expected, in the sentence of the gap; empty when nothing was."""
    gap = find(stood.level, stood.target.level) if stood.target is not None else None
    return gap.sentence if gap is not None else ""


def _belief(level: Level) -> dict[str, Any]:
    figure = level.lines["observed"]
    return {"n": figure.n, "expected": figure.expected, "low": figure.low, "high": figure.high}


def _found(session_id: int) -> tuple[CoachingSession, Viewer]:
    who = viewer()
    return queries.session_or_404(session_id, who), who


def _here(session_id: int) -> BaseResponse:
    return back_to(url_for("sessions.session", session_id=session_id))


@bp.post("/coaching/<int:session_id>/parts/<part>")
def write(session_id: int, part: str) -> Response | BaseResponse:
    """Keep what was written in one part."""
    found, who = _found(session_id)
    if part not in FORMS:
        raise NotFound
    _require_side(found, who, part)
    form = FORMS[part]()
    if not form.validate_on_submit():
        return _page(found, who, 422, form)
    number = form.version.data or 0
    try:
        if part == "private":
            actions.write_private(found, words=form.words()["note"], version=number, author_id=who.id, at=now())
        else:
            actions.write(found, part, words=form.words(), version=number, by_id=who.id, at=now())
    except Overtaken:
        db.session.rollback()
        return _page(found, who, 409, form, overtaken=True)
    db.session.commit()
    flash(_("Saved; only you read it.") if part == "private" else _("Saved; both of you read it."))
    return _here(session_id)


def _require_side(found: CoachingSession, who: Viewer, part: str) -> None:
    """Forbidden to write on the other side; the talk and one's own notes are open to both."""
    if part == "coach":
        queries.require_coach(who, found.person_id)
    if part == "person" and found.person_id != who.id:
        raise Forbidden(_("This is for your colleague to write."))


@bp.post("/coaching/<int:session_id>/move")
def move(session_id: int) -> Response | BaseResponse:
    """Another moment, with the reason; either side may ask for it."""
    found, who = _found(session_id)
    form = MoveForm()
    form.time_zone = who.time_zone
    if form.validate_on_submit():
        try:
            actions.move(found, by_id=who.id, to=form.moment(), reason=form.reason.data or "", at=now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            db.session.commit()
            flash(_("Moved. The other side sees the new time and your reason."))
            return _here(session_id)
    return _page(found, who, 422, moving=form)


@bp.post("/coaching/<int:session_id>/cancellation")
def cancel(session_id: int) -> Response | BaseResponse:
    """The session does not take place, with the reason; either side may say so."""
    found, who = _found(session_id)
    form = CancelForm()
    if not form.validate_on_submit():
        return _page(found, who, 422, cancelling=form)
    actions.cancel(found, by_id=who.id, reason=form.why.data or "", at=now())
    db.session.commit()
    flash(_("Cancelled. The other side sees your reason."))
    return _here(session_id)


@bp.post("/coaching/<int:session_id>/agreement")
def agree(session_id: int) -> Response | BaseResponse:
    """The session was held; the one thing that was agreed, and the follow-up observation."""
    found, who = _found(session_id)
    queries.require_coach(who, found.person_id)
    form = AgreementForm()
    if form.validate_on_submit() and form.action_by.data is not None and form.follow_up_on.data is not None:
        words, until, again = form.action.data or "", form.action_by.data, form.follow_up_on.data
        days: dict[str, Any] = {"action_by": until, "follow_up_on": again, "at": now()}
        try:
            actions.agree(found, by_id=who.id, action=words, seen=form.seen.data or "", mend=bool(form.mend.data), **days)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            db.session.commit()
            flash(_("Agreed. Both of you see it, and the follow-up observation is in your list."))
            return _here(session_id)
    return _page(found, who, 422, agreement=form)


@bp.get("/coaching/supervisors")
def supervisors() -> Response:
    """Whether supervisors coach, for whoever leads them."""
    who = viewer()
    require_role(who, "supervisor", "executive")
    rows = queries.of_supervisors(who, now())
    return show(
        "sessions/supervisors.html",
        own=[row for row in rows if row.id == who.id],
        rows=[row for row in rows if row.id != who.id],
        days=queries.LATELY.days,
    )
