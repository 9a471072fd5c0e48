"""The improvement board's pages."""

import secrets
from datetime import date
from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import REVISIONS, whole
from trainee.kit.i18n import _, _l, language
from trainee.kit.web import back_to, show
from trainee.people import names, require_role, viewer
from trainee.service.board import actions, queries
from trainee.service.board.figures import read_as
from trainee.service.board.models import Improvement
from trainee.service.fields import Field, changed_meanwhile, choice, drawn, read
from trainee.service.walks import missing_of

bp = web.Blueprint("board", __name__)
WRITERS = ("supervisor", "hr", "admin", "trainer")
WHYS = tuple(f"why_{number}" for number in range(1, actions.MOST_WHYS + 1))


def _owners() -> list[tuple[str, Any]]:
    return [(str(row.id), row.name) for row in queries.owners()]


FIELDS = (
    Field("issue", _l("What is in the customers' way"), both=False),
    Field("why_1", _l("Why does it happen?"), "line", both=False, required=False, hint=_l("Ask five times; look at the process, not at people.")),
    *(Field(name, _l("And why is that?"), "line", both=False, required=False) for name in WHYS[1:]),
    Field("action", _l("What we do about it"), both=False, required=False),
    choice("owner_id", _l("Who does it"), _owners, required=False),
    Field("due_on", _l("Until when"), "date", both=False, required=False),
    Field("measure", _l("By what figure we see whether it helped"), "line", both=False, required=False),
    Field("before", _l("Before"), "line", both=False, required=False, hint=_l("With how many it rests on, for instance: 71 % of 58.")),
    Field("after", _l("After"), "line", both=False, required=False),
)


@bp.get("/improvements")
def board() -> Response:
    """The board."""
    today, writes = local_date(now(), viewer().time_zone), viewer().holds(*WRITERS)
    cards = queries.cards()
    missing = missing_of(card for column in cards.values() for card, _owner in column)
    return show("board/board.html", cards=cards, missing=missing, today=today, writes=writes, read_as=_read_as)


def _read_as(figure: str) -> str:
    return read_as(figure, language())


@bp.get("/improvements/<int:card_id>")
def card(card_id: int) -> Response:
    """One card."""
    return _card(queries.card_or_404(card_id))


def _card(found: Improvement, wrong: Refusal | None = None) -> Response:
    called = names({number for number in (found.owner_id, found.by_id) if number is not None})
    today = local_date(now(), viewer().time_zone)
    return show(
        "board/card.html",
        card=found,
        missing=missing_of([found]),
        names=called,
        writes=viewer().holds(*WRITERS),
        late=actions.late(found, today),
        wrong=wrong and wrong.message,
        read_as=_read_as,
        status=wrong.status if wrong else 200,
    )


def _values(found: Improvement) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(found, name) for name in ("action", "measure", "before", "after")}
    values |= {
        "issue": str(missing_of([found]).get(found.id, found.issue)),
        "owner_id": str(found.owner_id or ""),
        "due_on": found.due_on.isoformat() if found.due_on else "",
    }
    return values | dict(zip(WHYS, found.whys, strict=False))


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """What the form says, as a card holds it."""
    whys = [values[name] for name in WHYS]
    while whys and not whys[-1]:
        whys.pop()
    kept = {name: values[name] for name in ("action", "measure", "before", "after")}
    owner, day = values["owner_id"], values["due_on"]
    return {**kept, "whys": whys, "owner_id": int(owner) if owner else None, "due_on": date.fromisoformat(day) if day else None}


@bp.route("/improvements/new", methods=["GET", "POST"])
def new_card() -> Response | BaseResponse:
    """Put something on the board."""
    require_role(viewer(), *WRITERS)
    if request.method == "GET":
        return _form({"issue": request.args.get("issue", "")[:400]}, {}, source=request.args.get("source", "")[:120])
    values, wrong = read(FIELDS, request.form)
    if not wrong:
        try:
            sent = {name: request.form.get(name, "")[:64] for name in ("receipt", "source")}
            receipt = sent["receipt"] or secrets.token_hex(16)
            made = actions.open_card(values["issue"], receipt=receipt, at=now(), by_id=viewer().id, source=sent["source"], values=_filled(values))
        except Refusal as refusal:
            db.session.rollback()
            wrong = {refusal.code: refusal.message}
        else:
            db.session.commit()
            return back_to(url_for("board.card", card_id=made))
    return _form(values, wrong, source=request.form.get("source", "")[:120])


@bp.route("/improvements/<int:card_id>/change", methods=["GET", "POST"])
def change_card(card_id: int) -> Response | BaseResponse:
    """Write down what is known by now."""
    found = queries.card_or_404(card_id)
    require_role(viewer(), *WRITERS)
    if request.method == "GET":
        return _form(_values(found), {}, found)
    values, wrong = read(FIELDS, request.form)
    if not wrong:
        try:
            actions.change(found, {"issue": values["issue"], **_filled(values)}, revision=_revision(), at=now(), by_id=viewer().id)
        except Refusal as refusal:
            db.session.rollback()
            found = queries.card_or_404(card_id)
            if found.closed_at is not None:
                return _card(found, refusal)
            stale = changed_meanwhile(FIELDS, _values(found), values) if refusal.status == 409 else {}
            return _form(values, stale or {refusal.code: refusal.message}, found, status=refusal.status)
        else:
            db.session.commit()
            flash(_("Saved."))
            return back_to(url_for("board.card", card_id=card_id))
    return _form(values, wrong, found)


def _revision() -> int:
    return whole(request.form.get("revision"), REVISIONS, -1)


def _form(values: dict[str, Any], wrong: dict[str, str], card: Improvement | None = None, source: str = "", status: int = 422) -> Response:
    inputs, receipt = drawn(FIELDS, values, wrong), request.form.get("receipt", "") or secrets.token_hex(16)
    shown: dict[str, Any] = {"inputs": inputs, "wrong": list(wrong.items()), "card": card, "receipt": receipt, "source": source}
    return show("board/edit.html", **shown, stale=status == 409, status=status if wrong else 200)


@bp.post("/improvements/<int:card_id>/closure")
def close_card(card_id: int) -> Response | BaseResponse:
    """Close a card."""
    found = queries.card_or_404(card_id)
    require_role(viewer(), *WRITERS)
    try:
        actions.close(found, revision=_revision(), at=now(), by_id=viewer().id)
    except Refusal as refusal:
        db.session.rollback()
        return _card(queries.card_or_404(card_id), refusal)
    db.session.commit()
    flash(_("The card is closed."))
    return back_to(url_for("board.card", card_id=card_id))
