"""The list at the head of a refused form: every field of a page that says what is wrong, by its name, with the way to it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import current_app, g, render_template
from markupsafe import Markup, escape

# Stands in a page where the list may be put. What people write is escaped, so none of it can look like this.
_PLACE: Final = Markup("<!-- what is wrong -->")
# A role-play asks one thing at a time, in sight.
_BESIDE: Final = {"typed", "cue"}


class Wrong:
    """What the fields of one page say while they are drawn, and where the list of it belongs."""

    def __init__(self) -> None:
        self.labels: dict[str, object] = {}
        self.said: list[tuple[str, str]] = []
        self.asked = self.stale = False

    def lines(self) -> list[tuple[str, str]]:
        """Pairs of a field's id and a sentence that names it, in the order of the page; what no field says comes first.

        None for what a role-play asks, which it says beside it, unless the page asks for the list.
        """
        places = {name: place for place, name in enumerate(self.labels)}
        heard = (one for one in self.said if self.asked or one[0] not in _BESIDE)
        said = sorted(dict.fromkeys(heard), key=lambda one: places.get(one[0], -1))
        return [(name, named(str(escape(self.labels.get(name, "")).striptags()), words)) for name, words in said]


def named(label: str, words: str) -> str:
    """The sentence with the name of its field before it, unless it names the field itself."""
    if not label or f"“{label}”" in words:
        return words
    return f"{label} {words}" if label[-1] in ".:?!…" else f"{label}: {words}"


def drawn(name: str, label: object, errors: Sequence[object]) -> str:
    """A field was drawn: its name is known from here on, and the first of its complaints is listed. Nothing is written in this place."""
    wrong: Wrong | None = g.get("wrong")
    if wrong is not None:
        wrong.labels[name] = label
        wrong.said.extend((name, str(one)) for one in errors[:1])
    return ""


def listed_here(errors: Iterable[tuple[str, object]] = (), stale: bool = False) -> str:
    """The list may stand here, and says this too; of several places the last is taken."""
    wrong: Wrong | None = g.get("wrong")
    if wrong is None:
        return ""
    told = [(name, str(words)) for name, words in errors]
    wrong.said += told
    wrong.asked = wrong.asked or bool(told)
    wrong.stale = wrong.stale or stale
    return _PLACE


def rendered(template: str, context: Mapping[str, Any]) -> str:
    """The template with the list in its place, where anything is wrong. Fields that are drawn beforehand, elsewhere, are not in it."""
    wrong = g.wrong = Wrong()
    try:
        page = render_template(template, **context)
    finally:
        g.wrong = None
    before, found, after = page.rpartition(_PLACE)
    if not found:
        return page
    lines = wrong.lines()
    # Not `render_template`, which would ask once more for what every page shows around its content.
    words = current_app.jinja_env.get_template("errors/_list.html").render(errors=lines, stale=wrong.stale) if lines else ""
    return before.replace(_PLACE, "") + words + after
