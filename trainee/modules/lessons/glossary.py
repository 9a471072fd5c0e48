"""Marks the words of the glossary in a lesson: each the first time it stands there, with its meaning at hand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markupsafe import escape

from trainee.kit import trtext
from trainee.modules.library.beside import Term
from trainee.modules.library.content import Block, Prose, TryIt

# Tags and placeholders of cards stay as they are.
_PIECE = re.compile(r"(<[^>]+>|\{\{[^}]*\}\})")
_TAG = re.compile(r"<(/?)([a-z0-9]+)")
_QUIET = frozenset(("a", "h2", "h3", "h4", "th", "code", "pre", "dfn"))


def marked(blocks: Sequence[Block], terms: Sequence[Term], lang: str) -> Iterator[Block]:
    """The blocks of one lesson with the first of each of these words marked; dialogues and checks are left as they are."""
    left = {term.key: term for term in terms}
    for block in blocks:
        yield replace(block, html=_mark(block.html, left, lang)) if isinstance(block, (Prose, TryIt)) and left else block


def _mark(html: str, left: dict[str, Term], lang: str) -> str:
    parts, depth = [], 0
    for piece in _PIECE.split(html):
        tag = _TAG.match(piece)
        if tag is not None and tag[2] in _QUIET:
            depth += -1 if tag[1] else 1
        parts.append(piece if tag is not None or depth or piece.startswith("{{") else _in_words(piece, left, lang))
    return "".join(parts)


def spellings(form: str, lang: str) -> tuple[str, str]:
    """A form as it stands within a sentence and at its beginning."""
    return form, trtext.upper(form[0], lang) + form[1:]


def _in_words(words: str, left: dict[str, Term], lang: str) -> str:
    by_form = {str(escape(form)): term for term in left.values() for written in term.forms.of(lang) for form in spellings(written, lang)}
    if not words.strip() or not by_form:
        return words
    # The longest first, so that “right of withdrawal” is not taken for “right”. Turkish endings may follow, as in NPS'yi.
    found = re.search(r"(?<!\w)(" + "|".join(re.escape(form) for form in sorted(by_form, key=len, reverse=True)) + ")", words)
    if found is None:
        return words
    term = left.pop(by_form[found[1]].key)
    return words[: found.start()] + _shown(found[1], term, lang) + _in_words(words[found.end() :], left, lang)


def _shown(form: str, term: Term, lang: str) -> str:
    name = f"term-{term.key}"
    box = f'<span class="term-box" role="tooltip" id="{name}"><b>{escape(term.name.of(lang))}</b> {escape(term.meaning.of(lang))}</span>'
    return f'<dfn class="term" tabindex="0" aria-describedby="{name}">{form}{box}</dfn>'
