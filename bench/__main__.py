"""`make bench`: builds the demonstration company, runs it beside the ceiling and prints what share of the ceiling each thing reaches."""

import json
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from flask import Flask

from bench import company, sites
from bench.sites import ROOT, Site
from trainee import demo, evidence
from trainee.config import SHIPPED_CONTENT
from trainee.kit import markdown
from trainee.kit.db import db, only_reads
from trainee.modules import library
from trainee.modules.library.checking import check
from trainee.profile.fold import Difficulties, Person, Readings, take

ROUNDS = 9
CONNECTIONS = 3
PAGE_SECONDS, SAVE_SECONDS = 0.8, 0.7
SAVES_AT_ONCE = 150
CHECKS, CHECK_TIMES = 3, 5


@dataclass
class Measured:
    """One kind of request: requests a second in each round, and processor time per request over all of them."""

    name: str
    site: Site
    wanted: list[int]
    rates: list[float] = field(default_factory=list)
    # Milliseconds of processor time per request, round by round.
    cpu: list[float] = field(default_factory=list)

    def round(self, requests: list[list[Any]], seconds: float, most: int = 1_000_000) -> None:
        """Send for a while and note what came."""
        order = {"port": self.site.port, "requests": requests, "connections": CONNECTIONS, "seconds": seconds, "most": most, "wanted": self.wanted}
        before = self.site.cpu()
        done = subprocess.run([sys.executable, "-m", "bench.load"], cwd=ROOT, input=json.dumps(order), capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        if found["wrong"] or not found["right"]:
            raise SystemExit(f"{self.name}: unexpected answers {found}")
        self.rates.append(found["right"] / found["seconds"])
        self.cpu.append(1000 * (self.site.cpu() - before) / found["right"])


def main() -> None:
    """Everything, in less than three minutes."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="trainee-bench-") as name:
        folder = Path(name)
        say("Building the demonstration company ...")
        app = company.build(folder)
        checking()
        with app.app_context():
            one_update(folder)
        with app.app_context():
            leads = [company.supervisor_of(50)]
        at_size(app, folder, "the demonstration company", leads)
        with app.app_context():
            say("Giving everybody ten times the history ...")
            company.grow()
            rebuilding()
        at_size(app, folder, f"{company.TIMES} times its history", leads)
        with app.app_context():
            say("\nAs many more people as make a million rows of evidence ...")
            company.crowd()
            rebuilding()
            leads.append(company.supervisor_of(500))
            db.session.remove()
            db.engine.dispose()
        lines(folder, leads)
    say(f"\n{time.monotonic() - begun:.0f} seconds in all.")


def at_size(app: Flask, folder: Path, words: str, leads: list[str]) -> None:
    """Both servers side by side on the company as it is now."""
    rng = random.Random(1)
    queue = company.answers(app, rng)
    with app.app_context():
        say(f"\n{words}: {company.events()} rows of evidence, {CONNECTIONS} connections, {ROUNDS} rounds in turn")
        lesson = next(module for module in library.catalogue_modules() if module.lessons)
        path = f"/learn/{lesson.key}/{lesson.lessons[0].key}"
        db.session.remove()
        db.engine.dispose()
    ceiling, ours = sites.ceiling(Path(tempfile.mkdtemp(dir=folder))), sites.trainee(folder)
    try:
        for site in (ceiling, ours):
            site.wait()
        pages(ceiling, ours, path)
        saving(ceiling, ours, queue)
        leading(ceiling, ours, leads[0])
    finally:
        for site in (ceiling, ours):
            site.stop()


def lines(folder: Path, leads: list[str]) -> None:
    """Both servers again, for somebody who leads fifty people and somebody who leads five hundred."""
    say("\na line of 50 and one of 500")
    ceiling, ours = sites.ceiling(Path(tempfile.mkdtemp(dir=folder))), sites.trainee(folder)
    try:
        for site in (ceiling, ours):
            site.wait()
        small, large = (leading(ceiling, ours, username) for username in leads)
        for few, many in zip(small, large, strict=True):
            times = statistics.median(few.rates) / statistics.median(many.rates)
            say(f"  {many.name} of 500 people costs {times:.1f} times that of 50, wanted below 5: {'reached' if times < 5 else 'NOT reached'}")
    finally:
        for site in (ceiling, ours):
            site.stop()


def leading(ceiling: Site, ours: Site, username: str) -> list[Measured]:
    """A supervisor's pages against the ceiling's page; hers are asked for by somebody whose line stands still meanwhile."""
    cookie = sites.ask(ceiling.port, "GET", "/sign-in/3")[2]["session"]
    hers = sites.signed_in(ours.port, username, demo.PASSWORD)
    person = sites.first_person(ours.port, hers)
    top = Measured("ceiling page", ceiling, [200])
    found = [Measured(name, ours, [200]) for name in ("Team", "Skills map", "a person's page")]
    requests = {
        "ceiling page": ("/", f"session={cookie}"),
        "Team": ("/team", hers),
        "Skills map": ("/team/skills", hers),
        "a person's page": (person, hers),
    }
    in_turn([top, *found], lambda one: one.round([["GET", requests[one.name][0], None, requests[one.name][1], {}]], PAGE_SECONDS))
    table(top, found, 0.60)
    return found


def pages(ceiling: Site, ours: Site, lesson: str) -> None:
    """Today and a lesson against the ceiling's page."""
    cookie = sites.ask(ceiling.port, "GET", "/sign-in/3")[2]["session"]
    username = dict(demo.ACCOUNTS)["employee"]
    mine = sites.signed_in(ours.port, username, demo.PASSWORD)
    top = Measured("ceiling page", ceiling, [200])
    found = [Measured("Today", ours, [200]), Measured("a lesson", ours, [200])]
    requests = {"ceiling page": ("/", f"session={cookie}"), "Today": ("/", mine), "a lesson": (lesson, mine)}
    in_turn([top, *found], lambda one: one.round([["GET", requests[one.name][0], None, requests[one.name][1], {}]], PAGE_SECONDS))
    table(top, found, 0.70)


def saving(ceiling: Site, ours: Site, queue: list[list[Any]]) -> None:
    """Saving an answer against the ceiling's insert. Each request is another question."""
    cookie = sites.ask(ceiling.port, "GET", "/sign-in/3")[2]["session"]
    top = Measured("ceiling insert", ceiling, [303])
    found = [Measured("saving an answer", ours, [303]), Measured("the same, with its feedback shown", ours, [200])]

    def round_of(one: Measured) -> None:
        if one is top:
            one.round([["POST", "/insert", "words=an+answer", f"session={cookie}", {}]], SAVE_SECONDS)
            return
        some, queue[:SAVES_AT_ONCE] = queue[:SAVES_AT_ONCE], []
        shown = {"X-Fragment": "1"} if one.wanted == [200] else {}
        one.round([[*request[:4], shown] for request in some], SAVE_SECONDS, len(some))

    in_turn([top, *found], round_of)
    table(top, found, 0.50)


def in_turn(things: list[Measured], round_of: Callable[[Measured], None]) -> None:
    """A B C, A B C: what else the machine does meets all of them alike. The first round only warms up."""
    for number in range(ROUNDS + 1):
        for one in things:
            round_of(one)
            if number == 0:
                one.rates, one.cpu = [], []


def table(top: Measured, found: list[Measured], wanted: float) -> None:
    """What was measured, with what is wanted beside it."""
    say(f"  {'':<36}{'a second':>9}  {'(least..most)':<14}{'share':>7}{'CPU each':>11}{'share':>7}   wanted")
    for one in (top, *found):
        rates, cpu = statistics.median(one.rates), statistics.median(one.cpu)
        line = f"  {one.name:<36}{rates:>9.0f}  {f'({min(one.rates):.0f}..{max(one.rates):.0f})':<14}"
        # Each round is compared with the ceiling's round beside it, so that what else the machine does counts for little.
        share = statistics.median(mine / its for mine, its in zip(one.rates, top.rates, strict=True))
        cheap = statistics.median(its / mine for mine, its in zip(one.cpu, top.cpu, strict=True))
        line += f"{share:>7.0%}{cpu:>8.2f} ms{cheap:>7.0%}"
        say(line if one is top else f"{line}   {wanted:.0%} {'reached' if share >= wanted else 'NOT reached'}")


def checking() -> None:
    """`trainee content check content/` against reading the same files and doing nothing with them, in processor time and in turn."""
    files = [path for path in sorted(SHIPPED_CONTENT.rglob("*")) if path.suffix in (".yaml", ".md")]
    found = []
    for _round in range(CHECKS + 1):
        begun = time.process_time()
        for path in files:
            text = path.read_text(encoding="utf-8")
            yaml.load(text, yaml.CSafeLoader) if path.suffix == ".yaml" else markdown.render(text)
        read = time.process_time()
        checked = check([SHIPPED_CONTENT])
        found.append((read - begun, time.process_time() - read))
        if not checked.findings.ok:
            raise SystemExit("The content that comes with the program is not clean.")
    # The first round reads the files from the disk and makes patterns.
    plain, whole = (statistics.median(column) for column in zip(*found[1:], strict=True))
    times = statistics.median(checked / read for read, checked in found[1:])
    say(f"checking all content: {whole:.1f} s of processor time; only reading its {len(files)} files: {plain:.1f} s")
    say(f"  {times:.1f} times, wanted below {CHECK_TIMES}: {'reached' if times < CHECK_TIMES else 'NOT reached'}")


def one_update(folder: Path) -> None:
    """One step of mastery in memory against one row inserted with its commit."""
    rows = list(evidence.in_order(evidence.people_with_evidence()))[:5000]
    db.session.rollback()
    people: dict[int, Person] = {row.person_id: Person() for row in rows}
    readings: Readings = {}
    begun = time.process_time()
    for row in rows:
        take(people[row.person_id], row, _NOTHING_KNOWN, readings)
    update = (time.process_time() - begun) / len(rows)
    line = sqlite3.connect(folder / "single.sqlite3", isolation_level=None)
    for words in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE single (id INTEGER PRIMARY KEY, person_id INT, score REAL)"):
        line.execute(words)
    begun = time.perf_counter()
    for number in range(500):
        line.execute("INSERT INTO single (person_id, score) VALUES (?, ?)", (number, 0.5))
    single = (time.perf_counter() - begun) / 500
    line.close()
    share = update / single
    say(f"one update of mastery in memory: {update * 1e6:.1f} µs; one row inserted and committed: {single * 1e6:.0f} µs")
    say(f"  share {share:.1%}, wanted below 20%: {'reached' if share < 0.2 else 'NOT reached'}")


_NOTHING_KNOWN = Difficulties()


def rebuilding() -> None:
    """`trainee profile rebuild` over the whole log."""
    only_reads(False)
    rows, cpu, begun = company.events(), time.process_time(), time.perf_counter()
    db.session.rollback()
    company.rebuild()
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    reached = "reached" if rows / cpu >= 40_000 else "NOT reached"
    say(f"profile rebuild: {rows} events, {rows / took:,.0f} a second; {rows / cpu:,.0f} per second of processor time, wanted 40,000: {reached}")


def say(words: str) -> None:
    """Print at once."""
    print(words, flush=True)


if __name__ == "__main__":
    main()
