"""Where a look back leads on: the scenes to play again first, and what the next step names, with the way there."""

import re
from collections.abc import Mapping

from flask import url_for

from trainee.kit.i18n import language
from trainee.kit.words import Text
from trainee.modules import library
from trainee.modules.library import Module
from trainee.modules.roleplays.play import State, Step

_QUOTE = re.compile("[\"“'‘]")

Pieces = list[tuple[str, str | None]]
"""Words in a row, each with the address it leads to or None."""


def turns(now: State) -> list[tuple[int, Step]]:
    """The scenes to play again first, with their numbers from 1: those with a critical error, else the one that left most.

    After the best ending there is none.
    """
    steps = list(enumerate(now.steps, 1))
    wrong = [(number, step) for number, step in steps if step.outcome.critical]
    if wrong or now.ending is None or now.ending.rank == now.story.best_rank:
        return wrong
    # Of two that left as much, the one that cost more of the mood.
    return [max(steps, key=lambda one: (one[1].outcome.lost, -one[1].outcome.mood))]


def next_step(words: Text, version_id: int) -> Pieces:
    """The next step in the reader's language; the lessons, modules and role-plays it names in quotation marks lead there.

    The module of this version is asked last, so that its own titles win.
    """
    lang = language()
    if not _QUOTE.search(words.of(lang)):
        return [(words.of(lang), None)]
    places: dict[str, str] = {}
    for number in (*library.current_versions().values(), version_id):
        places |= _places(library.module(number), lang)
    return linked(words.of(lang), places)


def _places(module: Module, lang: str) -> dict[str, str]:
    """The way to every part of a module by its title; where a title has a colon, by what stands before it too."""
    lessons = {one.title.of(lang): url_for("lessons.lesson", module_key=module.key, lesson_key=one.key) for one in module.lessons}
    stories = {one.title.of(lang): url_for("roleplays.brief", story=one.id) for one in module.stories}
    whole = {module.title.of(lang): url_for("library.module_page", module_key=module.key)} | stories | lessons
    return {title.partition(":")[0]: url for title, url in whole.items()} | whole


def linked(words: str, places: Mapping[str, str]) -> Pieces:
    """The words cut up at every title that stands in quotation marks."""
    named = [re.escape(title) for title in sorted(places, key=len, reverse=True) if title in words]
    if not named:
        return [(words, None)]
    parts = re.split(rf"""(?<=["“'‘])({"|".join(named)})(?=["”'’])""", words)
    return [(part, places[part] if number % 2 else None) for number, part in enumerate(parts) if part]
