"""Preparing a coaching session: everything that is known of one person and worth talking about, on one page."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee import people, voice
from trainee.coaching import sessions
from trainee.coaching.observations import begun, read_by
from trainee.coaching.observations.queries import badly_conducted, last_lines
from trainee.coaching.sessions.forms import ArrangeForm
from trainee.coaching.sessions.queries import require_coach
from trainee.coaching.sessions.words import STATES
from trainee.dashboards import person as one_person
from trainee.dashboards.missed import to_reread
from trainee.dashboards.person import Picture, picture
from trainee.dashboards.standing import level_name, skill_name, standing
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.forms import beside
from trainee.kit.i18n import _, language
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import Person, Viewer, viewer
from trainee.people.queries import roles_of
from trainee.skills import framework

bp = Blueprint("preparing", __name__)

# How far back a contact without respect is still told first, and how many of them.
_CONDUCT, _CONDUCTS = timedelta(days=180), 3
_GAPS, _LINES, _COMMENTS, _MISSED = 3, 6, 3, 3
# A talk is proposed for the day after tomorrow, on the hour.
_AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One skill in one of the last observations, in words; of what the reader could still score blind, the level and the note are empty."""

    observation_id: int
    skill: str
    level: str
    note: str
    when: datetime
    observer: str


@dataclass(frozen=True, slots=True)
class Conduct:
    """A contact that was not respectful, or not professional: what was said or done, and when. It comes before every line."""

    observation_id: int
    respectful: bool
    words: str
    when: datetime


@bp.route("/people/<int:person_id>/coaching", methods=["GET", "POST"])
def prepare(person_id: int) -> Response | BaseResponse:
    """What to talk about with somebody, and promising the talk."""
    who, at = viewer(), now()
    if person_id == who.id:
        raise Forbidden(_("Nobody coaches herself. Your own sessions stand under Me, My coaching."))
    found = people.person_or_404(person_id, who)
    require_coach(who, found.id)
    seen = picture(found.id, roles_of(found.id), at, found.time_zone, found.team_id)
    seen = one_person.with_tried(seen, found.id, local_date(at, found.time_zone))
    form = _form(seen, who, at)
    if request.method == "POST" and form.validate_on_submit():
        try:
            made = sessions.arrange(
                coach_id=who.id, person_id=found.id, skill=form.skill.data, promised_at=form.moment(), receipt=form.receipt.data or "", at=at
            )
        except Refusal as refusal:
            beside(form, refusal)
        else:
            db.session.commit()
            flash(_("Promised. %(name)s sees the day on Today and can write down what to talk about.", name=found.name))
            return back_to(url_for("sessions.session", session_id=made))
    return _page(found, seen, form, at, 422 if request.method == "POST" else 200)


def _form(seen: Picture, who: Viewer, at: datetime) -> ArrangeForm:
    """The skills there is evidence on: those with a gap first, as large and sure as they are, then the others."""
    known = [gap.skill for gap in seen.gaps if gap.below]
    skills = [*known, *(key for key, level in seen.levels.items() if level.figure.n and key not in known)]
    form = ArrangeForm()
    form.offer([(key, skill_name(key)) for key in skills], who.time_zone)
    if request.method == "GET":
        wanted = request.args.get("skill", "")
        form.skill.data = wanted if wanted in skills else (skills[0] if skills else "")
        form.promised_at.data = (at + _AHEAD).astimezone(ZoneInfo(who.time_zone)).replace(minute=0, second=0, microsecond=0, tzinfo=None)
        form.receipt.data = secrets.token_hex(16)
    return form


def _page(found: Person, seen: Picture, form: ArrangeForm, at: datetime, status: int) -> Response:
    comments, _many = voice.comments_of(found.id)
    past = sessions.of_person(found.id, at)
    conduct, lines = _seen_lately(found.id, viewer().id, at)
    return show(
        "sessions/prepare.html",
        status=status,
        person=found,
        form=form,
        gaps=one_person.gaps_shown(seen)[:_GAPS],
        conduct=conduct,
        lines=lines,
        comments=comments[:_COMMENTS],
        missed=to_reread(seen.missed, seen.offered, seen.work.parts)[:_MISSED],
        targets=_targets(seen),
        open=[one for one in past if one.state in {"promised", "missed", "agreed", "due", "early"}],
        past=[one for one in past if one.state in {"closed", "cancelled"}],
        states=STATES,
        skill=skill_name,
    )


def _targets(seen: Picture) -> list[tuple[str, str, str]]:
    """What is expected: the skill, the level wanted and until when, and where she stands."""
    found = []
    for key, target in seen.targets.items():
        if key in seen.levels:
            shown = standing(seen.levels[key], target)
            found.append((shown.name, level_name(target.level), shown.words))
    return found


def _seen_lately(person_id: int, me: int, at: datetime) -> tuple[list[Conduct], list[SeenLine]]:
    """What was badly conducted, and the lines of the last observations in words; none of contacts the reader is about to score herself.

    Four statements, and one more where somebody else scored a contact with a number.
    """
    writes = begun(me, person_id)
    bad, rows = badly_conducted(person_id, writes, at - _CONDUCT, _CONDUCTS), last_lines(person_id, writes, _LINES)
    # A contact with a number can be scored by two: its marks are told where reading them is kept, as in the list of observations.
    others = {row.id for row in [*bad, *rows] if row.contact and row.observer_id != me}
    unread = others - read_by(me, others) if others else others
    told = [Conduct(row.id, row.respectful is not False, row.conduct, row.seen_at) for row in bad if row.id not in unread]
    return told, [_line(row, row.id in unread) for row in rows]


def _line(row: Any, unread: bool) -> SeenLine:
    if unread:
        return SeenLine(row.id, skill_name(row.skill_key), "", "", row.seen_at, row.observer)
    level = level_name(1 if row.critical else row.level)
    error = framework().critical_errors.get(row.critical or "")
    words = f"{level} · {error.name.of(language())}" if error else level
    return SeenLine(row.id, skill_name(row.skill_key), words, row.note, row.seen_at, row.observer)
