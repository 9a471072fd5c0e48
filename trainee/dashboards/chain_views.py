"""The pages of the chain from training to loyalty, of the tree, and of where the company stands."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from flask import Response, flash, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from trainee import skills, voice
from trainee.dashboards import chain as figures
from trainee.dashboards.chain import Bond, Branch, Figure, Together
from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.forms import REVISIONS, whole
from trainee.kit.i18n import _, _l, _n, counted, language, number, percent, signed
from trainee.kit.web import back_to, show
from trainee.people import require_role, viewer
from trainee.plans import training
from trainee.service import baseline, model
from trainee.service.baseline import Baseline
from trainee.service.fields import changed_meanwhile, drawn, read
from trainee.service.words import CAUSE_OF
from trainee.voice.models import Survey
from trainee.voice.surveys.views import EDITORS

bp = web.Blueprint("chain", __name__)
READERS = ("supervisor", "hr", "admin", "executive", "trainer")
WRITERS = ("hr", "admin", "trainer")
LINKS = {
    "training": (_l("Training"), _l("People who finished something new"), _l("Too few people are here to say anything.")),
    "behaviour": (_l("Behaviour"), _l("Mean level of what was seen at work"), _l("Too few observations to say anything.")),
    "satisfaction": (_l("Satisfaction"), _l("Customers who were satisfied"), _l("Too few answers of customers to say anything.")),
    "loyalty": (_l("Loyalty"), _l("Would recommend us, minus would not"), _l("Too few customers were asked whether they would recommend us.")),
}


# What is said of a part of the tree, with its colour: no more than its figures say, by work seen (well or not) and by customers (content or not).
# Grey where nothing is known; never red, which would blame.
_SAYS: Final[Mapping[tuple[bool | None, bool | None], tuple[str, Any]]] = {
    (True, True): ("good", _l("seen to go well, and customers say nothing else")),
    # No green for what was seen in work alone.
    (True, None): ("quiet", _l("seen to go well at work only; customers have hardly been asked")),
    (True, False): ("warn", _l("seen to go well at work, and customers do not agree")),
    (False, True): ("warn", _l("worth a look at work; customers do not complain more than elsewhere")),
    (False, None): ("warn", _l("worth a look at work; customers have hardly been asked")),
    (False, False): ("warn", _l("worth a look: at work and by what customers say")),
    (None, True): ("quiet", _l("too little was seen at work; customers do not complain more than elsewhere")),
    (None, None): ("quiet", _l("too little was seen")),
    (None, False): ("warn", _l("too little was seen at work, and customers are not content")),
}


def told(one: Figure) -> str:
    """A figure in words; a dash where too few stand behind it."""
    if one.value is None:
        return "—"
    if one.kind == "share":
        return percent(one.value)
    if one.kind == "score":
        return signed(100 * one.value, 0)
    return str(_("%(level)s of 4", level=number(one.value, 1)))


def between(one: Figure) -> str:
    """Between what and what a figure lies, in words; nothing where that is not known."""
    if one.low is None or one.high is None:
        return ""
    low, high = (Figure(one.kind, edge, one.n) for edge in (one.low, one.high))
    return str(_("very likely between %(low)s and %(high)s", low=told(low), high=told(high)))


@bp.get("/service/chain")
def chain() -> Response:
    """Training, behaviour, satisfaction, loyalty: one figure each, with how many stand behind it."""
    require_role(viewer(), *READERS)
    at = now()
    links = []
    for one in figures.chain(at):
        title, what, why_none = LINKS[one.key]
        words = {"title": str(title), "what": str(what), "why_none": str(why_none), "good": _good(one.key, one.now, at)}
        links.append(
            {**words, "now": told(one.now), "n": one.now.n, "between": between(one.now), "before": told(one.before), "n_before": one.before.n}
        )
    months = [(one.first, number(one.rate, 1) if one.rate is not None else "—", one) for one in figures.conflict(at, viewer().time_zone)]
    teams = figures.by_team(at)
    bonds, together = [_bond(one) for one in figures.bonds(teams)], _together(figures.together(teams))
    return show("dashboards/chain.html", links=links, bonds=bonds, months=months, together=together)


def _bond(one: Bond) -> dict[str, Any]:
    """How a link of the chain goes together with the next, in words: whether that can be told, r, its interval, and over how many teams."""
    between = f"{LINKS[one.first][0]} · {LINKS[one.second][0]}"
    if one.r is None or one.low is None or one.high is None:
        return {"between": between, "says": str(_("not known")), "why": _unknown(one), "r": "", "low": "", "high": "", "teams": one.teams}
    says = _("run against each other") if one.high < 0 else _("go together") if one.low > 0 else _("not clear whether they go together")
    r, low, high = (signed(edge, 2) for edge in (one.r, one.low, one.high))
    return {"between": between, "says": str(says), "why": "", "r": r, "low": low, "high": high, "teams": one.teams}


def _unknown(one: Bond) -> str:
    """Why two links cannot be told to go together or not."""
    if one.teams < figures.LEAST_TEAMS or one.alike is None:
        many = _n("both known of %(num)d team", "both known of %(num)d teams", one.teams)
        return str(_("%(many)s; it takes %(least)s", many=many, least=number(figures.LEAST_TEAMS)))
    link, value = one.alike
    kind = {"behaviour": "level", "loyalty": "score"}.get(link, "share")
    words = {"link": LINKS[link][0], "value": told(Figure(kind, value, 0))}
    return str(_n("%(link)s is the same in %(num)d team: %(value)s", "%(link)s is the same in all %(num)d teams: %(value)s", one.teams, **words))


def _good(link: str, found: Figure, at: datetime) -> str:
    """Whether a link reaches the figure from which on the company calls a customer satisfied, in a sentence; empty where it says nothing of it."""
    words = good_words({"satisfaction": "csat", "loyalty": "nps"}.get(link, ""), found)
    if words:
        return words
    # Ease is no link of its own: who is known as satisfied by it is told beside satisfaction.
    good = model.good_from("ces") if link == "satisfaction" else None
    if good is None:
        return ""
    easy = figures.easy(at)
    found_easy = _("Found it easy: %(value)s (%(n)s).", value=told(easy), n=counted(easy.n))
    return f"{found_easy} {_stands(Figure('share', good / 100, easy.n), easy)}"


def good_words(measure: str, found: Figure) -> str:
    """From where on the company calls a customer satisfied by this measure, and whether `found` reaches it, in a sentence; empty where it does not go
    by this measure."""
    good = model.good_from(measure)
    return "" if good is None else _stands(Figure(found.kind, good / 100, found.n), found)


def _stands(good: Figure, found: Figure) -> str:
    if found.value is None or found.low is None or found.high is None or good.value is None:
        words = _("Good from %(good)s on, as “How we serve” says.", good=told(good))
    elif found.low >= good.value:
        words = _("Good from %(good)s on, as “How we serve” says: reached.", good=told(good))
    elif found.high < good.value:
        words = _("Good from %(good)s on, as “How we serve” says: not reached.", good=told(good))
    else:
        words = _("Good from %(good)s on, as “How we serve” says: not clear whether it is reached.", good=told(good))
    return str(words)


def _together(found: Together) -> dict[str, Any]:
    rows = [
        [name, _("%(level)s of 4", level=number(level, 1)), number(n), percent(share), number(answers)]
        for name, level, n, share, answers in found.teams
    ]
    r = None if found.r is None else tuple(signed(one or 0.0, 2) for one in (found.r, found.low, found.high))
    return {"rows": rows, "r": r}


@bp.get("/service/tree")
def tree() -> Response:
    """What customers look at, from the most general to the most specific."""
    require_role(viewer(), *READERS)
    names = {one.key: one.name.of(language()) for one in skills.framework().every_skill}
    parts = [
        {
            "key": one.node.key,
            "trunk": one.node.trunk,
            "name": str(one.node.name),
            "what": str(one.node.what),
            "level": told(one.level),
            "n": one.level.n,
            "customers": told(one.customers),
            "answers": one.customers.n,
            "complaints": one.complaints,
            "complaints_before": one.complaints_before,
            "stated": told(one.stated),
            "statements": one.stated.n,
            "drawn": _drawn(one),
            "skills": [names.get(key, key) for key in one.node.skills],
            "tone": _SAYS[one.well, one.content][0],
            "says": str(_SAYS[one.well, one.content][1]),
        }
        for one in figures.tree(now())
    ]
    good = told(Figure("level", figures.GOOD_LEVEL, 0))
    return show("dashboards/tree.html", good=good, **_sorted(parts), may_ask=_may_ask())


def _drawn(one: Branch) -> list[tuple[str, str]]:
    """What stands in the box of a part, at most four lines: of the figures of the list those that there are, shortly named."""

    def line(label: str, found: Figure) -> tuple[str, str]:
        value = f"{number(found.value, 1)} / 4" if found.kind == "level" and found.value is not None else told(found)
        return label, f"{value} · n {number(found.n)}"

    seen = [line(_("At work"), one.level)] if one.node.skills else []
    pairs = ((_("Customers"), one.customers), (_("Questionnaire"), one.stated))
    asked = [line(label, found) for label, found in pairs if found.value is not None]
    return [*seen, *(asked or [line(*pairs[0])]), (_("Complaints"), f"{number(one.complaints_before)} → {number(one.complaints)}")]


def _sorted(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"trunk": [one for one in parts if one["trunk"]], "branches": [one for one in parts if not one["trunk"]]}


def _may_ask() -> bool:
    return viewer().holds(*EDITORS)


@bp.get("/service/tree/<node_key>")
def branch(node_key: str) -> Response:
    """All that tells of one part of the tree, or of one service quality: skills, survey questions, causes of complaints, lessons."""
    require_role(viewer(), *READERS)
    frame, lang = skills.framework(), language()
    node = next((one for one in figures.TREE if one.key == node_key), None)
    if node is None and node_key not in frame.qualities:
        raise NotFound
    names = {one.key: one.name.of(lang) for one in frame.every_skill}
    if node is not None:
        title, what, wanted, causes = str(node.name), str(node.what), node.skills, node.causes
    else:
        title, what = frame.qualities[node_key].name.of(lang), ""
        wanted = tuple(one.key for one in frame.every_skill if one.quality == node_key)
        causes = tuple(key for key, one in CAUSE_OF.items() if one.quality == node_key)
    taught = [
        (one.title.of(lang), url_for("library.module_page", module_key=one.key))
        for one in training().modules.values()
        if set(one.skills[:1]) & set(wanted) or (node is not None and one.key in node.modules)
    ]
    marks, heard = figures.by_skill(now()), figures.by_cause(now())
    return show(
        "dashboards/branch.html",
        title=title,
        taught=taught,
        may_ask=_may_ask(),
        what=what,
        skills=[[names.get(key, key), told(marks[key]) if key in marks else "—", number(marks[key].n if key in marks else 0)] for key in wanted],
        questions=[str(one.words) for one in voice.QUESTIONS.values() if one.skill in wanted] + _statements(node.items if node is not None else ()),
        causes=[(str(CAUSE_OF[key].name), number(heard.get(key, 0)), url_for("complaints.complaints", cause=key)) for key in causes],
        qualities=[(term.name.of(lang), url_for("chain.branch", node_key=key)) for key, term in frame.qualities.items()],
    )


def _statements(items: Collection[str]) -> list[str]:
    """Those statements of the long questionnaire, in the reader's language; none where it is not here."""
    found = db.session.scalar(select(Survey.questions).where(Survey.key == figures.QUESTIONNAIRE))
    return [str(one["text"][language()]) for one in found or () if one["id"] in items]


@bp.get("/service/baselines")
def baselines() -> Response:
    """Where we stood, look by look."""
    require_role(viewer(), *READERS)
    return _baselines(secrets.token_hex(16))


def _baselines(receipt: str, wrong: str = "") -> Response:
    writes, title = viewer().holds(*WRITERS), request.form.get("title", "")
    found = baseline.baselines()
    return show("dashboards/baselines.html", found=found, writes=writes, receipt=receipt, wrong=wrong, title=title, status=422 if wrong else 200)


@bp.post("/service/baselines")
def take_baseline() -> Response | BaseResponse:
    """Freeze the figures of today."""
    require_role(viewer(), *WRITERS)
    at, receipt = now(), request.form.get("receipt", "")[:64] or secrets.token_hex(16)
    day = local_date(at, viewer().time_zone)
    if not request.form.get("title", "").strip():
        return _baselines(receipt, _("Please give it a title."))
    made = baseline.take(request.form.get("title", ""), day, figures.snapshot(at), receipt=receipt, at=at, by_id=viewer().id)
    db.session.commit()
    return back_to(url_for("chain.one_baseline", baseline_id=made))


@bp.get("/service/baselines/<int:baseline_id>")
def one_baseline(baseline_id: int) -> Response:
    """One look: its frozen figures beside today's, and what was made of them."""
    require_role(viewer(), *READERS)
    return _baseline(baseline.baseline_or_404(baseline_id), {}, {})


def _moved(then: Figure, today: Figure) -> str:
    """What lies between then and today, its interval, and whether that is more than chance; and that others may have been asked where n says so."""
    found = figures.moved(then, today)
    if found is None or found.value is None or found.low is None or found.high is None:
        return "—"
    unit, digits = (1.0, 1) if found.kind == "level" else (100.0, 0)
    value, low, high = (signed(unit * one, digits) for one in (found.value, found.low, found.high))
    if found.kind != "level":
        value = str(_("%(many)s points", many=value))
    said = _("more than chance") if found.low > 0 or found.high < 0 else _("may be chance")
    words = str(_("%(value)s (%(low)s to %(high)s), %(said)s", value=value, low=low, high=high, said=said))
    if max(then.n, today.n) >= 2 * min(then.n, today.n):
        words += " " + str(_("The numbers of answers are far apart: others may have been asked, in other ways."))
    return words


def _baseline(found: Baseline, values: dict[str, Any], wrong: dict[str, str], status: int = 422) -> Response:
    today = figures.snapshot(now())

    def line(label: str, then: dict[str, Any], at_present: dict[str, Any]) -> list[str]:
        old, new = Figure(**then), Figure(**at_present)
        return [label, told(old), number(old.n), told(new), number(new.n), _moved(old, new)]

    rows = [line(str(LINKS[key][0]), found.figures["chain"][key], today["chain"][key]) for key in LINKS]
    rows += [line(str(one.name), found.figures["tree"][one.key]["level"], today["tree"][one.key]["level"]) for one in figures.TREE]
    writes = viewer().holds(*WRITERS) and found.finished_at is None
    return show(
        "dashboards/baseline.html",
        baseline=found,
        rows=rows,
        inputs=drawn(baseline.FIELDS, values or found.words, wrong) if writes else [],
        facts=[(str(one.label), found.words.get(one.key, "")) for one in baseline.FIELDS if found.words.get(one.key)],
        wrong=list(wrong.items()),
        stale=status == 409,
        status=status if wrong else 200,
    )


@bp.post("/service/baselines/<int:baseline_id>/words")
def write_baseline(baseline_id: int) -> Response | BaseResponse:
    """Write what is made of the figures, and finish with a decision or the reason for none."""
    found = baseline.baseline_or_404(baseline_id)
    require_role(viewer(), *WRITERS)
    values, wrong = read(baseline.FIELDS, request.form)
    sent, finish = request.form.get("revision", ""), bool(request.form.get("finish"))
    if not wrong:
        try:
            revision = whole(sent, REVISIONS, -1)
            made = baseline.write(found, values, revision=revision, at=now(), by_id=viewer().id, finish=finish)
        except Refusal as refusal:
            db.session.rollback()
            found = baseline.baseline_or_404(baseline_id)
            if found.finished_at is not None:
                raise
            stale = changed_meanwhile(baseline.FIELDS, found.words, values) if refusal.status == 409 else {}
            return _baseline(found, values, stale or {refusal.code: refusal.message}, refusal.status)
        else:
            db.session.commit()
            flash(
                _n("It is finished; %(num)d card stands on the board.", "It is finished; %(num)d cards stand on the board.", len(made))
                if finish
                else _("Saved.")
            )
            return back_to(url_for("chain.one_baseline", baseline_id=baseline_id))
    return _baseline(baseline.baseline_or_404(baseline_id), values, wrong)
