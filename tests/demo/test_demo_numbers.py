"""On every page that the executive sees of the demonstration company, numbers are written as their reader writes them."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

from tools.crawler import rule_of, walk
from trainee.demo import ACCOUNTS, PASSWORD

# What begins with 0 is a telephone's; what stands beside a letter, a point, a dash or a colon is a code, an address or a moment.
RUN = re.compile(r"(?<![\w.,:;/#@+&-])[1-9]\d{3,}(?![\w@/:-])")
YEARS = range(1900, 2101)
# Extensions, laws, old years and record numbers in what authors, the company and its people wrote.
WRITTEN = {"lessons.lesson", "roleplays.brief", "service.card", "service.card_version", "privacy.my_data"}
NO_WORDS = {"script", "style", "code", "pre", "textarea"}


class _Words(HTMLParser):
    """Finds the long runs of digits among the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within += [tag] if tag in NO_WORDS else []

    def handle_endtag(self, tag: str) -> None:
        self._within = self._within[:-1] if tag in NO_WORDS else self._within

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.found += [" ".join(data.split()) for run in RUN.finditer(data) if int(run[0]) not in YEARS]


def test_every_number_on_a_page_is_written_as_the_reader_writes_it(company: SimpleNamespace) -> None:
    client, adapter = company.app.test_client(), company.app.url_map.bind("localhost")
    client.post("/sign-in", data={"login": dict(ACCOUNTS)["executive"], "password": PASSWORD})
    client.post("/language", data={"language": "tr", "next": "/"})

    def fetch(address: str) -> tuple[str, str] | None:
        answer = client.get(address, follow_redirects=True)
        return (answer.request.path, answer.text) if answer.status_code == 200 and answer.mimetype == "text/html" else None

    looked, found = 0, list[str]()
    for page in walk(["/"], fetch, lambda address: rule_of(adapter, address)):
        looked += 1
        words = _Words()
        words.feed(page.html)
        found += [f"{page.rule}: {one}" for one in words.found if page.rule not in WRITTEN]
    assert looked > 100
    assert found == [], "\n".join(found)
