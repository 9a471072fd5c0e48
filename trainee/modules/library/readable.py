"""Whether a lesson can be read: its shape in both languages, its headings, how hard its sentences are, and how long it takes."""

import re
from collections.abc import Iterator, Mapping, Sequence

from trainee.kit import reading_speed
from trainee.kit.findings import Findings
from trainee.modules.library.content import Block, Check, Dialogue, Lesson, Prose, TryIt

Lined = Sequence[tuple[int, Block]]
"""The blocks of one language with their lines."""

PLAIN = {"tr": 50, "en": 55}
"""A lesson below this is hard to read: Ateşman's bound between middling and hard, and Flesch's between fairly hard and hard, with some room."""

SECONDS_TO_CHECK = 60
SECONDS_TO_TRY = 60
TOO_LONG = 1.25
LONGEST = {"employee": 8, "supervisor": 12}
"""Minutes of reading. Who leads others may be given longer lessons than who stands at the counter."""

_TAG = re.compile(r"<[^>]+>")
_HEADING = re.compile(r"<h([2-6])>")


def look(lesson: Lesson, lined: Mapping[str, Lined], paths: Mapping[str, str], minutes_at: int, findings: Findings) -> None:
    """Note what is doubtful about a lesson of which both languages could be read."""
    _compare_shapes(lined, paths, findings)
    for lang in ("tr", "en"):
        _look_at_headings(lined[lang], paths[lang], findings)
        _look_at_sentences(lesson, lang, paths[lang], findings)
        needed = minutes(lesson, lang)
        if reading_speed.far_from(lesson.minutes, needed, TOO_LONG):
            message = f"Reading and answering it takes about {needed:.0f} minutes, and {lesson.minutes} are promised."
            findings.warn(paths[lang], minutes_at, message, "Correct `minutes`, or the length of the lesson.")


def look_at_length(lesson: Lesson, audience: Sequence[str], path: str, findings: Findings) -> None:
    """Note a lesson that is longer than those it is for can read in one go."""
    most = LONGEST["employee"] if "employee" in audience else LONGEST["supervisor"]
    longest = max(sum(reading_speed.seconds(text, lang) for text in _texts(lesson, lang)) / 60 for lang in ("tr", "en"))
    if longest > most:
        message = f"Reading it takes {longest:.0f} minutes; {most} are as much as its readers have in one go."
        findings.warn(path, 1, message, "Make two lessons of it.")


def minutes(lesson: Lesson, lang: str) -> float:
    """How long a lesson takes: reading at an ordinary pace, a minute for each check and one for planning what to try."""
    reading = sum(reading_speed.seconds(text, lang) for text in _texts(lesson, lang))
    tries = sum(isinstance(block, TryIt) for block in lesson.blocks(lang))
    return (reading + SECONDS_TO_CHECK * len(lesson.checks) + SECONDS_TO_TRY * tries) / 60


def bare_words(lesson: Lesson, lang: str) -> str:
    """The running text of a lesson, without its dialogues, checks and tasks."""
    return "\n\n".join(_bare(block.html) for block in lesson.blocks(lang) if isinstance(block, Prose))


def explained_in(lesson: Lesson, lang: str) -> Iterator[str]:
    """The paragraphs in which words of the glossary are marked: running text and tasks, no headings."""
    for block in lesson.blocks(lang):
        if isinstance(block, (Prose, TryIt)) and not _HEADING.match(block.html):
            yield _bare(block.html)


def _texts(lesson: Lesson, lang: str) -> Iterator[str]:
    """Everything there is to read in a lesson, the feedback to one option included."""
    for block in lesson.blocks(lang):
        if isinstance(block, (Prose, TryIt)):
            yield _bare(block.html)
        elif isinstance(block, Dialogue):
            yield from (words for _speaker, words, _side in block.lines)
        else:
            yield from _check_texts(block, lang)


def _check_texts(block: Check, lang: str) -> Iterator[str]:
    yield block.question.stem.of(lang)
    options = getattr(block.question, "options", ())
    yield from (option.text.of(lang) for option in options)
    yield from (option.why.of(lang) for option in options[:1])


def _bare(html: str) -> str:
    # A heading and a row of a table are sentences of their own, though no full stop stands at their end.
    return _TAG.sub("\n\n", html.replace("<strong>", "").replace("</strong>", "").replace("<em>", "").replace("</em>", ""))


def _compare_shapes(lined: Mapping[str, Lined], paths: Mapping[str, str], findings: Findings) -> None:
    shapes = {lang: [(block.kind, line) for line, block in lined[lang] if not isinstance(block, Prose)] for lang in ("tr", "en")}
    for number, (kind, line) in enumerate(shapes["en"]):
        turkish = shapes["tr"][number][0] if number < len(shapes["tr"]) else "nothing"
        if turkish != kind:
            message = f"Here stands `:::{kind}`, and in the Turkish file {'nothing' if turkish == 'nothing' else f'`:::{turkish}`'}."
            findings.error(paths["en"], line, message, "Keep the blocks of both files in one order.")
            return
    if len(shapes["tr"]) > len(shapes["en"]):
        kind, line = shapes["tr"][len(shapes["en"])]
        findings.error(paths["tr"], line, f"Here stands `:::{kind}`, and in the English file nothing.", "Write it there too.")


def _look_at_headings(lined: Lined, path: str, findings: Findings) -> None:
    above, empty = 1, None
    for line, block in lined:
        found = _HEADING.match(block.html) if isinstance(block, Prose) else None
        level = int(found[1]) if found else None
        if empty is not None and (level is None or level > empty[1]):
            empty = None
        if empty is not None:
            findings.warn(path, empty[0], "Nothing stands below this heading.", "Write something, or take the heading out.")
            empty = None
        if level is not None:
            if level > above + 1:
                findings.warn(path, line, f"A heading with {'#' * level} below one with {'#' * above}.", f"Use {'#' * (above + 1)}.")
            above, empty = level, (line, level)
    if empty is not None:
        findings.warn(path, empty[0], "Nothing stands below this heading.", "Write something, or take the heading out.")


def _look_at_sentences(lesson: Lesson, lang: str, path: str, findings: Findings) -> None:
    told = "\n\n".join(_bare(block.html) for block in lesson.blocks(lang) if isinstance(block, (Prose, TryIt)))
    ease = reading_speed.ease(told, lang)
    if ease is not None and ease < PLAIN[lang]:
        scale = "Ateşman" if lang == "tr" else "Flesch"
        message = f"It reads hard: {ease:.0f} on the scale of {scale}, where {PLAIN[lang]} and more is plain."
        findings.warn(path, 1, message, "Make two sentences of a long one; take the short word.")
