"""Walks a journey as a person would and counts: what she taps, types and has to read, page by page."""

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.conftest import faults, too_wide
from tests.browser.steps import rest
from tools.journeys import JOURNEYS, KEPT, other, promised
from trainee.kit.reading_speed import words

# Every finger that goes down, over all pages of this tab.
COUNT = "addEventListener('pointerdown', () => { sessionStorage.taps = Number(sessionStorage.taps || 0) + 1; }, true)"


class Walk:
    """One journey, walked. Each step ends where the next is begun; `end` compares what was counted with what is kept."""

    def __init__(self, page: Page, key: str) -> None:
        self.page, self.key, self.journey = page, key, JOURNEYS[key]
        self.steps: list[dict[str, Any]] = []
        self.waited = 0.0
        page.add_init_script(COUNT)
        # The page that is there already, too.
        page.evaluate(COUNT)
        self._taps = 0
        self._loose = 0

    def step(self, what: str, *reads: str) -> None:
        """Begin a step on the page that is there now: nothing on it is amiss, and what is read of it are the words at `reads`."""
        self._close()
        self._look()
        path = re.sub(r"\d+", "N", self.page.url.split("/", 3)[3].partition("?")[0].partition("#")[0])
        path = re.sub(r"^(welcome|s)/.+", r"\1/…", path)
        read = sum(len(words(text)) for one in reads for text in self.page.locator(one).all_inner_texts())
        self.steps.append({"what": what, "page": f"/{path}", "taps": 0, "typed": 0, "words": read})

    def _look(self) -> None:
        """Nothing axe minds on the page that is there, and nothing wider than the screen."""
        rest(self.page)
        found = faults(self.page)
        assert found == [], found
        assert too_wide(self.page) <= 0, self.page.url

    def reads(self, *places: str) -> None:
        """What else is read in this step."""
        self.steps[-1]["words"] += sum(len(words(text)) for one in places for text in self.page.locator(one).all_inner_texts())

    def unpractised(self, *places: str) -> None:
        """What somebody reads in this step who does it for the first time: the words at these places, all of them."""
        self.steps[-1]["first"] = sum(len(words(text)) for one in places for text in self.page.locator(one).all_inner_texts())

    def tap(self, what: str | Locator) -> None:
        """Tap something."""
        (self.page.locator(what) if isinstance(what, str) else what).first.click()

    def go(self, what: str | Locator, leads: str) -> None:
        """Tap something that leads to another page, and wait until it is there: `leads` is how its address ends, as an expression."""
        with self.waits():
            self.tap(what)
            self.page.wait_for_url(re.compile(leads))
            rest(self.page)

    @contextmanager
    def waits(self) -> Iterator[None]:
        """What is done in here is done by server and browser, and waited for."""
        begun = time.monotonic()
        yield
        self.waited += time.monotonic() - begun

    def type(self, what: str, text: str) -> None:
        """Tap into a field and type."""
        self.page.locator(what).first.click()
        self.page.fill(what, text)
        self.steps[-1]["typed"] += len(text)

    def file(self, what: str, file: str | dict[str, Any]) -> None:
        """Choose a file: the button, and the file in the system's own window."""
        self.page.set_input_files(what, file)
        self._loose += 2

    def _close(self) -> None:
        if not self.steps:
            self.page.evaluate("sessionStorage.taps = 0")
            return
        now = int(self.page.evaluate("sessionStorage.taps ?? 0"))
        self.steps[-1]["taps"] += now - self._taps + self._loose
        self._taps, self._loose = now, 0

    def end(self, language: str) -> None:
        """Compare with what is kept. A step in which something else may be drawn each time is no promise."""
        self._close()
        self._look()
        kept = {"language": language, "waited": round(self.waited, 1), "steps": self.steps}
        file = KEPT / f"{self.key}{other(language, self.journey)}.json"
        if os.environ.get("JOURNEYS") == "keep":
            file.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        before = json.loads(file.read_text(encoding="utf-8"))
        pinned = [[(one["what"], one["taps"], one["typed"]) for one in each["steps"] if one["what"] != self.journey.drawn] for each in (kept, before)]
        assert pinned[0] == pinned[1], "The journey has changed. If that is meant, keep it as tools/journeys.py says, and look at docs/journeys.md."
        assert promised(kept, self.journey) <= self.journey.target
