"""The service model's pages: what everybody reads, and the wizard that makes it."""

from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.forms import REVISIONS, whole
from trainee.kit.i18n import _, language, percent, signed
from trainee.kit.web import back_to, show
from trainee.people import below, require_role, viewer
from trainee.service.fields import changed_meanwhile, drawn, facts_of, read
from trainee.service.handbook import counts, entries
from trainee.service.handbook.queries import in_order
from trainee.service.handbook.views import WRITERS
from trainee.service.model import actions, queries
from trainee.service.model.sections import Section, bare_stages, lacking, section, sections
from trainee.service.words import CHANNELS, STAGES, qualities

bp = web.Blueprint("model", __name__)


@bp.get("/service")
def service() -> Response:
    """What service means here, and the way to all that belongs to it."""
    who, found = viewer(), queries.current()
    many = counts()
    return show(
        "service/service.html",
        version=found,
        told=_told(found) if found is not None else None,
        read_at=queries.read_on(found.id, who.id) if found is not None else None,
        late=found is not None and found.words["review_by"] < local_date(now(), who.time_zone).isoformat(),
        readers=_readers(found) if found is not None else None,
        book=[(kind, many.get(kind.key, 0)) for kind in in_order()],
        writes=who.holds(*WRITERS),
        figures=who.holds("supervisor", "executive", *WRITERS),
    )


def _readers(version: queries.Version) -> tuple[int, int] | None:
    """How many have read it: of everybody for whoever writes, of her own people for who leads."""
    who = viewer()
    if who.holds(*WRITERS):
        return queries.readers_among(version.id, None)
    return queries.readers_among(version.id, below(who.id)) if who.holds("supervisor") else None


def _told(version: queries.Version) -> dict[str, Any]:
    """A version in the reader's words: its sections, and the journey by stages."""
    lang = language()
    shown = [one for one in sections() if one.fields and one.key not in ("attract", "keep")]
    parts = [(one.key, str(one.title), _facts(one, version.words, lang)) for one in shown]
    return {
        "attract": version.words["attract"][lang],
        "keep": version.words["keep"][lang],
        "parts": [(key, title, facts) for key, title, facts in parts if facts],
        "journey": _journey(version.touchpoints, lang),
    }


def _facts(one: Section, words: Any, lang: str) -> list[tuple[str, str]]:
    """What a section says, field by field; from where on it is good with the unit of its measure."""
    facts = facts_of([field for field in one.fields if field.key != "threshold"], words, lang)
    if any(field.key == "threshold" for field in one.fields) and (good := words.get("threshold")) is not None:
        facts.append((str(_("Good from")), signed(good, 0) if words.get("measure") == "nps" else percent(good / 100)))
    return facts


def _journey(touchpoints: Any, lang: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Stage by stage: what the customer meets, by which channel, who answers for it and what counts there."""
    ways, called = dict(CHANNELS), dict(qualities())
    return [
        (
            str(stage),
            [
                (one["name"][lang], f"{ways[one['channel']]} · {one['owner'][lang]} · {called.get(one['quality'], one['quality'])}", one["priority"])
                for one in touchpoints
                if one["stage"] == key
            ],
        )
        for key, stage in STAGES
    ]


@bp.get("/service/versions")
def versions() -> Response:
    """All versions there were."""
    return show("service/versions.html", versions=queries.versions())


@bp.get("/service/versions/<int:version_number>")
def version(version_number: int) -> Response:
    """One version, as it was published."""
    found = queries.version_or_404(version_number)
    newest = queries.current()
    return show("service/version.html", version=found, told=_told(found), newest=newest is not None and newest.number == version_number)


@bp.post("/service/versions/<int:version_number>/reading")
def acknowledge(version_number: int) -> BaseResponse:
    """Say that one has read it."""
    queries.version_or_404(version_number)
    actions.acknowledge(viewer().id, version_number, at=now())
    db.session.commit()
    flash(_("Thank you. It is noted that you have read it."))
    return back_to(url_for("model.service"))


def _touchpoints() -> list[Any]:
    return [one.values for one in entries("touchpoint")]


@bp.get("/service/draft")
def draft() -> Response:
    """The wizard's first page: what is answered, what is missing, and publishing."""
    require_role(viewer(), *WRITERS)
    return _draft()


def _draft(refusal: Refusal | None = None) -> Response:
    words, _revision = queries.draft()
    touchpoints, published = _touchpoints(), queries.current()
    return show(
        "service/draft.html",
        sections=sections(),
        lacking={one.key for one in lacking(words, touchpoints)},
        bare=[str(name) for name in bare_stages(touchpoints)],
        published=published,
        same=published is not None and queries.is_published(words, touchpoints, published.words),
        wrong=refusal.message if refusal else "",
        status=refusal.status if refusal else 200,
    )


@bp.route("/service/draft/<step>", methods=["GET", "POST"])
def step(step: str) -> Response | BaseResponse:
    """One page of the wizard."""
    one = section(step)
    if one is None:
        raise NotFound
    require_role(viewer(), *WRITERS)
    words, revision = queries.draft()
    if request.method == "GET" or not one.fields:
        return _step(one, words, {}, revision)
    values, wrong = read(one.fields, request.form)
    sent = request.form.get("revision", "")
    if wrong:
        return _step(one, values, wrong, revision)
    try:
        actions.write(values, revision=whole(sent, REVISIONS, -1), at=now(), by_id=viewer().id)
    except Refusal as refusal:
        db.session.rollback()
        words, revision = queries.draft()
        stale = changed_meanwhile(one.fields, words, values)
        return _step(one, values, stale or {one.fields[0].parts[0][0]: refusal.message}, revision, refusal.status)
    db.session.commit()
    flash(_("Saved."))
    return back_to(_next(one))


def _next(one: Section) -> str:
    keys = [each.key for each in sections()]
    place = keys.index(one.key) + 1
    return url_for("model.step", step=keys[place]) if place < len(keys) else url_for("model.draft")


def _step(one: Section, values: Any, wrong: dict[str, str], revision: int, status: int = 422) -> Response:
    keys = [each.key for each in sections()]
    return show(
        "service/step.html",
        section=one,
        place=keys.index(one.key) + 1,
        of=len(keys),
        next_url=_next(one),
        inputs=drawn(one.fields, values, wrong),
        wrong=list(wrong.items()),
        revision=revision,
        journey=_journey(_touchpoints(), language()) if one.key == "journey" else None,
        stale=status == 409,
        status=status if wrong else 200,
    )


@bp.post("/service/publication")
def publish() -> Response | BaseResponse:
    """Make the draft what everybody reads."""
    require_role(viewer(), *WRITERS)
    before = queries.current()
    try:
        number = actions.publish(_touchpoints(), at=now(), by_id=viewer().id)
    except Refusal as refusal:
        db.session.rollback()
        return _draft(refusal)
    db.session.commit()
    if before is not None and before.number == number:
        flash(_("Nothing has changed since version %(number)s, so nothing was published and nobody is asked anything.", number=number))
        return back_to(url_for("model.draft"))
    flash(_("Version %(number)s is published. Everybody is asked to read it.", number=number))
    return back_to(url_for("model.service"))
