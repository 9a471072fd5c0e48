"""Markdown as authors may use it, and the little HTML that comes out of it."""

import re
from collections.abc import Iterator
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "s", "code", "pre", "br", "hr", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_TABLE, _HEAD, _TAG = re.compile(r"<table>.*?</table>", re.DOTALL), re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL), re.compile(r"<[^>]*>")
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


def parts(text: str) -> Iterator[tuple[int, list[Token]]]:
    """The blocks of a text (paragraphs, headings, lists, tables), each with its line from 0 and its tokens."""
    tokens = _MARKDOWN.parse(text)
    start = depth = 0
    for end, token in enumerate(tokens, 1):
        depth += token.nesting
        if depth == 0:
            first = tokens[start]
            yield (first.map[0] if first.map else 0), tokens[start:end]
            start = end


def html(tokens: list[Token], pictures: bool = False) -> str:
    """Some tokens as HTML that is safe to show: raw HTML stays text, and only harmless tags and links are left, with `pictures` those too."""
    written = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    tags, attributes = (_TAGS | {"img"}, _ATTRIBUTES | {"img": {"src", "alt"}}) if pictures else (_TAGS, _ATTRIBUTES)
    safe = nh3.clean(written, tags=tags, attributes=attributes, link_rel="noopener nofollow ugc", url_schemes={"http", "https", "mailto", "tel"})
    return _TABLE.sub(_boxed, safe)


def _boxed(table: re.Match[str]) -> str:
    """A table wider than a phone scrolls in a box of its own, which the keyboard can reach and which is called what its columns are called."""
    heads = [" ".join(unescape(_TAG.sub("", words)).split()) for words in _HEAD.findall(table[0])]
    name = escape(", ".join(filter(None, heads)))
    # Without a name it would be a region nobody can tell from another.
    region = f' role="region" aria-label="{name}"' if name else ""
    return f'<div class="scroller"{region} tabindex="0">{table[0]}</div>'


def render(text: str) -> str:
    """A whole text as HTML that is safe to show."""
    return html(_MARKDOWN.parse(text))
