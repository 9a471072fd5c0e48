"""A lesson as it is shown: what is the same for every reader is rendered once per process, and only the checks for each."""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from flask import current_app, render_template
from markupsafe import Markup

from trainee.modules.lessons.glossary import marked
from trainee.modules.library import Check, Lesson, TryIt, filled, pieces

_PLACE = "trainee.modules.lessons"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a lesson between two checks, with the place and the id of the check that follows it (None after the last)."""

    html: Markup
    index: int
    check_id: str | None


def parts(lesson: Lesson, lang: str) -> list[Part]:
    """The lesson in its parts, with the figures of the policy cards as they are today."""
    return [Part(filled(part.html, lang), part.index, part.check_id) if "{{" in part.html else part for part in _printed(lesson, lang)]


def preview(lesson: Lesson, lang: str) -> list[Part]:
    """The same of a lesson that is not published: nothing of it is kept, and several may stand on one page."""
    return [Part(_without_places(filled(part.html, lang)), part.index, part.check_id) for part in _print(lesson, lang)]


def _without_places(html: Markup) -> Markup:
    """Without the names of its places, and with nothing that a reader of the page would be led to as to a part of it."""
    plain = re.sub(
        r' id="p\d+"', "", re.sub(r'<aside class="try-box"[^>]*>(.*?)</aside>', r'<div class="try-box">\1</div>', str(html), flags=re.DOTALL)
    )
    return Markup(plain)  # noqa: S704  # It was HTML before.


def tasks(lesson: Lesson, lang: str) -> list[Markup]:
    """What the lesson gives to try, with the figures of the policy cards as they are today."""
    return [filled(Markup(block.html), lang) for block in lesson.blocks(lang) if isinstance(block, TryIt)]  # noqa: S704


def _printed(lesson: Lesson, lang: str) -> list[Part]:
    # A version never changes, so the lesson itself is the key; it is kept beside its parts, so that no other can come to have its id.
    kept: dict[tuple[int, str], tuple[Lesson, list[Part]]] = current_app.extensions.setdefault(_PLACE, {})
    found = kept.get((id(lesson), lang))
    if found is None:
        found = kept[id(lesson), lang] = (lesson, _print(lesson, lang))
    return found[1]


def _print(lesson: Lesson, lang: str) -> list[Part]:
    found: list[Part] = []
    for is_check, blocks in groupby(marked(lesson.blocks(lang), pieces().terms, lang), key=lambda block: isinstance(block, Check)):
        if not is_check:
            # Placeholders of cards pass through as they are.
            found.append(Part(Markup(render_template("lessons/_text.html", blocks=list(blocks))), 0, None))  # noqa: S704
            continue
        for block in cast(list[Check], list(blocks)):
            before = found.pop().html if found and found[-1].check_id is None else Markup()
            found.append(Part(before, block.index, block.question.id))
    return found
