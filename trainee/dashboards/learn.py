"""Learn: the catalogue, and the page of one module."""

from typing import Any

from flask import Response, request, url_for

from trainee import skills
from trainee.dashboards.shelf import Inside, Shelved, inside, shelf
from trainee.kit.clock import local_date, now
from trainee.kit.i18n import _, _l, language
from trainee.kit.web import Blueprint, show
from trainee.modules import library
from trainee.people import viewer

bp = Blueprint("library", __name__)

CHANNELS = {
    "phone": (_l("Phone"), "phone"),
    "chat": (_l("Chat"), "message-circle"),
    "email": (_l("E-mail"), "mail"),
    "social": (_l("Social media"), "megaphone"),
    "shop": (_l("Shop"), "store"),
    "meeting": (_l("Meeting"), "users"),
}


@bp.get("/learn")
def learn() -> Response:
    """All modules, what is mine, what is done; searched and filtered by what stands in the address."""
    words, family = request.args.get("q", "")[:100].strip(), request.args.get("family", "")
    found = [one for one in shelf(viewer(), words) if not family or one.is_of_family(family)]
    groups = {"mine": [one for one in found if one.mine], "all": found, "done": [one for one in found if one.done]}
    wanted = request.args.get("show", "")
    if wanted not in groups:
        # Who has nothing waiting begins with everything there is.
        wanted = "mine" if groups["mine"] else "all"
    families = [(one.key, one.name.of(language())) for one in skills.framework().families]
    return show(
        "learn/catalogue.html",
        modules=[_card(one) for one in _sorted(groups[wanted], wanted)],
        counts={name: len(group) for name, group in groups.items()},
        wanted=wanted,
        words=words,
        family=family if family in dict(families) else "",
        families=families,
        guides=viewer().holds("trainer", "supervisor", "hr", "admin"),
        publishes=viewer().holds("trainer", "admin"),
        paths=_paths(found) if wanted == "all" and not words and not family else [],
        open_path=request.args.get("path", ""),
    )


def _paths(found: list[Shelved]) -> list[dict[str, Any]]:
    """The learning paths meant for this reader, with how far she is on each; `found` is everything on her shelf."""
    shelved = {one.module.key: one for one in found}
    rows = []
    for path in library.pieces().paths:
        known = [shelved[key] for key in path.modules if key in shelved]
        if not known or not viewer().holds(*path.audience, "trainer", "admin"):
            continue
        stages = [
            (stage.days, [(_title(shelved[key].module), _page_of(key), shelved[key].done) for key in stage.modules if key in shelved])
            for stage in path.steps
        ]
        rows.append(
            {
                "key": path.key,
                "title": path.title.of(language()),
                "summary": path.summary.of(language()),
                "done": sum(one.done for one in known),
                "total": len(known),
                "stages": stages,
            }
        )
    return rows


def _page_of(key: str) -> str:
    return url_for("library.module_page", module_key=key)


def _sorted(found: list[Shelved], wanted: str) -> list[Shelved]:
    if wanted != "mine":
        return found
    return sorted(found, key=lambda one: (one.open is None, one.open is not None and one.open.due_on is None, _due(one)))


def _due(one: Shelved) -> str:
    return one.open.due_on.isoformat() if one.open is not None and one.open.due_on is not None else ""


def _card(one: Shelved) -> dict[str, Any]:
    return {
        "url": url_for("library.module_page", module_key=one.module.key),
        "title": one.module.title.of(language()),
        "summary": one.module.summary.of(language()),
        "minutes": one.module.minutes,
        "skills": ", ".join(one.skill_names()),
        "done": one.progress.done,
        "total": one.progress.total,
        "is_done": one.done,
        "due": due_badge(one),
    }


def due_badge(one: Shelved) -> tuple[str, str] | None:
    """How the wish of whoever assigned it is shown: words and tone, or None when it is not assigned."""
    if one.open is None:
        return None
    left = one.open.days_left(local_date(now(), viewer().time_zone))
    if left is None:
        return _("assigned"), "accent"
    if left < 0:
        return _("overdue"), "warn"
    if left == 0:
        return _("due today"), "warn"
    return (_("due tomorrow") if left == 1 else _("due in %(days)s days", days=left)), "accent"


@bp.get("/learn/<module_key>")
def module_page(module_key: str) -> Response:
    """One module: what it is for, its parts with how far one is, and the one thing to do next."""
    _version, module = library.module_or_404(module_key)
    seen = inside(viewer(), module, now())
    return show(
        "learn/module.html",
        module=module,
        seen=seen,
        skills=seen.shelved.skill_names(),
        due=due_badge(seen.shelved),
        action=_next_action(seen),
        lessons=[_lesson_row(seen, module.key, lesson) for lesson in module.lessons],
        stories=[_story_row(seen, story) for story in module.stories],
    )


def _next_action(seen: Inside) -> tuple[str, str]:
    """The one primary button: its words and where it leads."""
    module = seen.shelved.module
    kind, _slash, key = (seen.next_part or "").partition("/")
    begun = seen.shelved.progress.started or bool(seen.begun)
    if kind == "lesson":
        label = _("Go on: %(title)s", title=_title(module.lesson(key))) if begun else _("Begin")
        return label, url_for("lessons.lesson", module_key=module.key, lesson_key=key)
    if kind == "roleplay":
        return _("Play: %(title)s", title=_title(module.story(key))), url_for("roleplays.brief", story=key)
    if seen.attempt is not None:
        return _("Go on with the quiz"), url_for("quizzes.attempt", attempt_id=seen.attempt)
    label = _("Take the quiz") if kind == "quiz" else _("Take the quiz once more")
    return label, url_for("quizzes.quiz", module_key=module.key)


def _title(part: Any) -> str:
    return str(part.title.of(language()))


def _lesson_row(seen: Inside, module_key: str, lesson: Any) -> dict[str, Any]:
    done, begun = f"lesson/{lesson.key}" in seen.finished, lesson.key in seen.begun
    return {
        "title": f"{lesson.number}. {_title(lesson)}",
        "url": url_for("lessons.lesson", module_key=module_key, lesson_key=lesson.key),
        "minutes": lesson.minutes,
        "icon": "circle-check" if done else "circle-dot" if begun else "circle",
        "badge": (_("done"), "good") if done else (_("begun"), "accent") if begun else None,
    }


def _story_row(seen: Inside, story: Any) -> dict[str, Any]:
    plays = seen.plays[story.id]
    reached = {run.ending for run in plays.finished}
    channel, icon = CHANNELS[story.channel]
    return {
        "title": _title(story),
        "url": url_for("roleplays.brief", story=story.id),
        "graph": url_for("roleplays.graph", story=story.id) if {"trainer", "admin"} & set(viewer().roles) else None,
        "note": f"{channel} · {story.customer.name}",
        "minutes": story.minutes,
        "icon": icon,
        "reached": len(reached),
        "endings": len(story.endings),
        "open": plays.open is not None,
        "done": f"roleplay/{story.id}" in seen.finished,
    }
