"""Pages of calibration: making a case, one case, and how far observers agree. Those that may end in a licence stand in `dashboards`."""

import re
import secrets
from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee import profile
from trainee.coaching.calibration import actions, queries
from trainee.coaching.calibration.agreement import Agreement, agreement, leans
from trainee.coaching.calibration.drift import TOO_FAR
from trainee.coaching.calibration.forms import CaseForm, ClosureForm, SheetForm, WithdrawalForm, case_form, sheet_form
from trainee.coaching.calibration.models import CalibrationCase
from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.i18n import _, language
from trainee.kit.web import back_to, show
from trainee.people import names, require_role, viewer
from trainee.skills import framework, scorecards
from trainee.skills.scorecards import Card

bp = web.Blueprint("calibration", __name__)

READERS = ("supervisor", "trainer", "hr")
SCORERS = ("supervisor", "trainer")
MAKERS = ("trainer", "hr")
# What a team of observers aims at.
AIM_EXACT, AIM_WITHIN = 0.60, 0.90


@bp.route("/calibration/new", methods=["GET", "POST"])
def new_case() -> Response | BaseResponse:
    """Put a contact up to be scored blind."""
    require_role(viewer(), *MAKERS)
    cards = scorecards.current_cards()
    if not cards:
        raise Refusal(_("There is no scorecard yet. Please tell a trainer."))
    card = _card_of(request.form.get("card_id", "")) or next((one for one in cards if one.key == request.args.get("card")), cards[0])
    form = case_form(card, framework(), language())
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(16)
    elif form.validate_on_submit():
        try:
            made = _make(form, card)
        except Refusal as refusal:
            db.session.rollback()
            form.text.errors = [refusal.message]
        else:
            db.session.commit()
            return back_to(url_for("calibration.case", case_id=made))
    return show("calibration/new_case.html", form=form, card=card, cards=cards, status=422 if request.method == "POST" else 200)


def _card_of(text: str) -> Card | None:
    return scorecards.card(int(text)) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _make(form: CaseForm, card: Card) -> int:
    words = {"title": form.title.data or "", "text": form.text.data or "", "receipt": form.receipt.data or ""}
    return actions.make_case(card_id=card.id, reference=form.reference(), made_by_id=viewer().id, at=now(), **words)


@bp.get("/calibration/<int:case_id>")
def case(case_id: int) -> Response:
    """One case: to be scored, as long as I have not; then how all of us marked it."""
    require_role(viewer(), *READERS)
    return show_case(queries.case_or_404(case_id))


def _may_score(found: CalibrationCase) -> bool:
    return viewer().holds(*SCORERS) and found.closed_at is None and not (found.reference and found.made_by_id == viewer().id)


def show_case(found: CalibrationCase, form: SheetForm | None = None, status: int = 200) -> Response:
    """The page of one case; `form` is one that was refused."""
    card, mine = scorecards.card(found.card_id), queries.has_scored(found.id, viewer().id)
    # Nobody who has still to score sees what others gave, whoever she is.
    blind = not mine and _may_score(found)
    makes = viewer().holds(*MAKERS)
    given = {} if blind else queries.marks_of([found.id]).get(found.id, {})
    return show(
        "calibration/case.html",
        status=status,
        case=found,
        card=card,
        skills={one.skill: framework().skill(one.skill) for one in card.lines},
        levels=framework().levels,
        blind=blind,
        form=(form or sheet_form(card, framework(), language())) if blind else None,
        opened=mine or found.closed_at is not None or (makes and not blind),
        table=_table(found, card, given),
        notes={} if blind else queries.notes_of(found.id),
        observers=names(given),
        whole=agreement([unit for skill in card.skills if (unit := _unit(given, skill))]),
        may_close=makes and found.closed_at is None and not blind,
        closure=ClosureForm(formdata=None),
    )


def _unit(given: dict[int, dict[str, int | None]], skill: str) -> dict[int, int]:
    return {who: level for who, marks in given.items() if (level := marks.get(skill)) is not None}


def _table(found: CalibrationCase, card: Card, given: dict[int, dict[str, int | None]]) -> list[dict[str, Any]]:
    """Line by line what everybody gave, and the reference; the lines furthest apart first, as they are talked about."""
    rows = []
    for skill in card.skills:
        levels = _unit(given, skill)
        apart = max(levels.values()) - min(levels.values()) if levels else 0
        unseen = bool(levels) and len(levels) < len(given)
        marks = {who: given[who].get(skill) for who in given}
        rows.append(
            {
                "skill": skill,
                "marks": marks,
                "apart": apart,
                "unseen": unseen,
                "reference": found.reference.get(skill),
                "known": skill in found.reference,
            }
        )
    return sorted(rows, key=lambda row: (-row["apart"], not row["unseen"]))


@bp.get("/calibration/agreement")
def agreed() -> Response:
    """How far observers agree, line by line over all cases, and how each of them leans."""
    if not viewer().holds(*MAKERS):
        raise Forbidden(_("How observers agree is for trainers and HR."))
    return _show_agreement()


def _show_agreement(form: WithdrawalForm | None = None, status: int = 200) -> Response:
    every = queries.every_case()
    # Blind here too: a case I have still to score says nothing yet.
    given = {number: marks for number, marks in queries.marks_of().items() if not _hidden(every[number], marks)}
    learned = profile.leniencies(now())
    observers = _observers(every, given, learned)
    form = form or WithdrawalForm(formdata=None)
    form.offer([(one["id"], one["name"]) for one in observers if one["granted_at"] and one["id"] != viewer().id])
    return show(
        "calibration/agreement.html",
        status=status,
        form=form,
        ended=queries.ended_licences(),
        lines=_by_line(given),
        whole=agreement([unit for marks in given.values() for skill in _skills(marks) if (unit := _unit(marks, skill))]),
        cases=len(given),
        observers=observers,
        months=[when for when, _of_all in learned],
        aims=(AIM_EXACT, AIM_WITHIN, TOO_FAR),
        name=lambda skill: framework().skill(skill).name.of(language()),
    )


@bp.post("/calibration/licences/withdrawal")
def withdraw() -> Response | BaseResponse:
    """Take an observer's licence back, with the reason."""
    require_role(viewer(), *MAKERS)
    form = WithdrawalForm()
    # Also whoever's licence has ended meanwhile: pressed twice, it is told and no complaint.
    form.offer([(row.id, row.name) for row in queries.ever_licensed() if row.id != viewer().id])
    if not form.validate_on_submit():
        return _show_agreement(form, 422)
    done = actions.withdraw(int(form.observer.data), by_id=viewer().id, why=form.why.data or "", at=now())
    db.session.commit()
    flash(_("Withdrawn. Your colleague reads the reason under Calibration.") if done else _("This licence had ended already."))
    return back_to(url_for("calibration.agreed"))


def _hidden(found: CalibrationCase, marks: dict[int, dict[str, int | None]]) -> bool:
    return viewer().id not in marks and _may_score(found)


def _skills(marks: dict[int, dict[str, int | None]]) -> list[str]:
    return sorted({skill for some in marks.values() for skill in some})


def _by_line(given: dict[int, dict[int, dict[str, int | None]]]) -> list[tuple[str, Agreement]]:
    units: dict[str, list[dict[int, int]]] = {}
    for marks in given.values():
        for skill in _skills(marks):
            units.setdefault(skill, []).append(_unit(marks, skill))
    found = [(skill, agreement(some)) for skill, some in units.items()]
    known = [(skill, one) for skill, one in found if one is not None]
    return sorted(known, key=lambda pair: pair[1].within.value)


def _observers(every: dict[int, CalibrationCase], given: dict[int, dict[int, dict[str, int | None]]], learned: list[Any]) -> list[dict[str, Any]]:
    """Each observer with her licence, how she leans on the cases, and what the nightly learning says month by month."""
    found = []
    for row in queries.observers():
        gaps: list[float] = []
        scored = 0
        for number, marks in given.items():
            measure = queries.measure_for(every[number], marks, row.id) if row.id in marks else None
            scored += row.id in marks
            gaps += queries.differences(marks[row.id], measure) if measure is not None else []
        months = [of_all.get(row.id) for _when, of_all in learned]
        told = {"id": row.id, "name": row.name, "granted_at": row.granted_at, "scored": scored}
        found.append(told | {"leans": leans(gaps), "n": len(gaps), "months": months})
    return found
