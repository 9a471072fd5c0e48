"""Markdown as authors may use it, and the little HTML that comes out of it."""

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_BLOCKS = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("inline")
_TAKEN_APART, _EMPHASIS = re.compile(r"[\[<`&\\]"), re.compile(r"[*~]+|(?<!\w)_+|_+(?!\w)")
_TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "s", "code", "pre", "br", "hr", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_TABLE, _HEAD, _TAG = re.compile(r"<table>.*?</table>", re.DOTALL), re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL), re.compile(r"<[^>]*>")
_ROW, _CELL = re.compile(r"<tr>.*?</tr>", re.DOTALL), re.compile(r"<td>")
_CELLS = re.compile(r"<td>(.*?)</td>", re.DOTALL)
# What a browser would run or read from the reader's own disk, wherever an address can stand: in a link or a picture, below a text, in a tag.
_UNSAFE = re.compile(r"""(?:\]\(|^\s*\[[^\]\n]*\]:|<|=["']?)\s*<?((?:javascript|vbscript|data|file)\s*:[^\s)>"']*)""", re.IGNORECASE | re.MULTILINE)
_MANY = 4
"""A table of so many columns is wider than a phone, unless no cell of it has more signs than this."""
_FIGURES = 8

_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


def parts(text: str, to_show: bool = True) -> Iterator[tuple[int, list[Token]]]:
    """The blocks of a text (paragraphs, headings, lists, tables), each with its line from 0 and its tokens.

    Without `to_show` a run of words with nothing but emphasis in it is not taken apart: `outline` knows what to do with it.
    """
    tokens = _MARKDOWN.parse(text) if to_show else _roughly(text)
    start = depth = 0
    for end, token in enumerate(tokens, 1):
        depth += token.nesting
        if depth == 0:
            first = tokens[start]
            yield (first.map[0] if first.map else 0), tokens[start:end]
            start = end


def _roughly(text: str) -> list[Token]:
    known: dict[str, Any] = {}
    tokens = _BLOCKS.parse(text, known)
    for token in tokens:
        if token.type == "inline" and _TAKEN_APART.search(token.content):
            token.children = []
            _MARKDOWN.inline.parse(token.content, _MARKDOWN, known, token.children)
    return tokens


def unsafe_links(text: str) -> Iterator[tuple[int, str]]:
    """Links a page never shows, as a browser would run them or read the reader's own files: each with its line from 1."""
    # Whoever hides a letter behind `&#106;` or a tab means the same.
    told = unescape(text).replace("\t", "").replace("\0", "") if "&" in text or "\t" in text else text
    for found in _UNSAFE.finditer(told):
        yield told.count("\n", 0, found.start(1)) + 1, found[1]


def links(text: str) -> Iterator[str]:
    """The addresses a text links to."""
    for token in _MARKDOWN.parse(text):
        yield from (str(child.attrGet("href") or "") for child in token.children or [] if child.type == "link_open")


def html(tokens: list[Token], pictures: bool = False) -> str:
    """Some tokens as HTML that is safe to show: raw HTML stays text, and only harmless tags and links are left, with `pictures` those too."""
    written = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    tags, attributes = (_TAGS | {"img"}, _ATTRIBUTES | {"img": {"src", "alt"}}) if pictures else (_TAGS, _ATTRIBUTES)
    safe = nh3.clean(written, tags=tags, attributes=attributes, link_rel="noopener nofollow ugc", url_schemes={"http", "https", "mailto", "tel"})
    return _TABLE.sub(_boxed, safe)


def outline(tokens: list[Token]) -> str:
    """The words of some tokens with the bare tags around them: for whoever reads and counts them, and never to be shown."""
    found: list[str] = []
    for token in tokens:
        if token.type == "inline" and token.children:
            found.extend(map(_outlined, token.children))
        elif token.type == "inline":
            found.append(_EMPHASIS.sub("", token.content))
        else:
            found.append(_outlined(token))
    return "".join(found)


def _outlined(token: Token) -> str:
    if token.nesting:
        return f"<{'/' if token.nesting < 0 else ''}{token.tag}>"
    if token.type in ("softbreak", "image"):
        return "\n" if token.type == "softbreak" else "<img>"
    words = token.content.replace("<", "&lt;")
    return f"<{token.tag}>{words}</{token.tag}>" if token.tag else words


def _boxed(table: re.Match[str]) -> str:
    """A table wider than a phone scrolls in a box of its own, which the keyboard can reach and which is called what its columns are called."""
    heads = [" ".join(unescape(_TAG.sub("", words)).split()) for words in _HEAD.findall(table[0])]
    name = escape(", ".join(filter(None, heads)))
    # Without a name it would be a group nobody can tell from another.
    region = f' role="group" aria-label="{name}"' if name else ""
    if len(heads) < _MANY:
        return f'<div class="scroller"{region} tabindex="0">{table[0]}</div>'
    told = (unescape(_TAG.sub("", words)) for words in _CELLS.findall(table[0]))
    if max(map(len, told), default=0) <= _FIGURES:
        # Columns of figures are narrow, and are there to be compared.
        return f'<div class="scroller figures"{region} tabindex="0">{table[0]}</div>'
    # On a phone the rows of so wide a table stand below each other, each cell under the name of its column.
    return f'<div class="scroller row-by-row"{region} tabindex="0">{_ROW.sub(lambda row: _named(row[0], heads), table[0])}</div>'


def _named(row: str, heads: Sequence[str]) -> str:
    names = iter(["", *heads[1:]])
    return _CELL.sub(lambda _cell: f'<td data-label="{escape(name)}">' if (name := next(names, "")) else "<td>", row)


def render(text: str) -> str:
    """A whole text as HTML that is safe to show."""
    return html(_MARKDOWN.parse(text))
