"""The pages of the site as somebody finds them: by the links that lead from page to page."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter


@dataclass(frozen=True, slots=True)
class Found:
    """One page: the name of its rule, where it stands (redirects followed), and what it says."""

    rule: str
    address: str
    html: str


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "a" and said.get("href") and "download" not in said:
            self.found.append(str(said["href"]))


def links(html: str, address: str) -> list[str]:
    """Where a page at that address leads to, each place once, without what is to be kept as a file."""
    reader = _Links()
    reader.feed(html)
    return list(dict.fromkeys(urldefrag(urljoin(address, one)).url for one in reader.found))


def walk(
    begin: Iterable[str],
    fetch: Callable[[str], tuple[str, str] | None],
    rule_of: Callable[[str], str | None],
    examples: int = 1,
    leave_out: frozenset[str] = frozenset({"people.sign_out"}),
) -> Iterator[Found]:
    """Every page that can be reached from where we begin, so many examples of each rule.

    `fetch` gives where an address led and the page there, or None for what is no page or does not open. What has been seen least comes first, so
    that one long list does not hide the rest."""
    waiting = list(dict.fromkeys(begin))
    seen, counts = set(waiting), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        rule = rule_of(address)
        if rule is None or rule in leave_out or counts[rule] >= examples:
            continue
        answer = fetch(address)
        if answer is None:
            continue
        at, html = answer
        rule = rule_of(at) or rule
        if counts[rule] >= examples:
            continue
        counts[rule] += 1
        yield Found(rule, at, html)
        fresh = [one for one in links(html, at) if one not in seen]
        seen.update(fresh)
        waiting = sorted(waiting + fresh, key=lambda one: counts[rule_of(one) or ""])


def rule_of(adapter: MapAdapter, address: str) -> str | None:
    """The name of the page at that address of the site; None for what is no page of ours."""
    parts = urlsplit(address)
    if parts.netloc and parts.netloc != adapter.server_name:
        return None
    try:
        return str(adapter.match(parts.path or "/", "GET")[0])
    except HTTPException:
        return None
