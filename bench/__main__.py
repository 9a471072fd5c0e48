"""`make bench`: builds the demonstration company, runs it beside the ceiling and prints what share of the ceiling each thing reaches.

`make bench ARGS="lines rebuild"` runs only those blocks; each has a copy of the company for itself.
"""

import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from flask import Flask

from bench import company, exporting, sites
from bench.sites import Site
from trainee import demo, evidence
from trainee.config import SHIPPED_CONTENT
from trainee.kit import markdown
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.modules import library
from trainee.modules.library.checking import check
from trainee.people.importing import actions as importing
from trainee.people.importing import background
from trainee.profile.fold import Difficulties, Person, Readings, take

ROUNDS = 9
CONNECTIONS = 3
PAGE_SECONDS, SAVE_SECONDS = 0.5, 0.5
SAVES_AT_ONCE = 150
CHECKS, CHECK_TIMES = 3, 5
# How many times the history is grown, the rows a large log has, and the people of a short and a long line.
TIMES, MILLION = 10, 1_000_000
# How many a large organisation takes in at once.
PEOPLE = 50_000
FEW, MANY = 50, 500
# What the export of a million rows is to reach: how often, the share of the plain writer's rate, and megabytes above idle.
EXPORT_ROUNDS, EXPORT_SHARE, EXPORT_MEMORY = 3, 0.60, 150


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
        found = self.site.loaded(order)
        if found["wrong"] or not found["right"]:
            raise SystemExit(f"{self.name}: unexpected answers {found}")
        self.rates.append(found["right"] / found["seconds"])
        self.cpu.append(1000 * (self.site.cpu() - before) / found["right"])


def main(wanted: list[str]) -> None:
    """All blocks, or those named."""
    unknown = [name for name in wanted if name not in BLOCKS]
    if unknown:
        raise SystemExit(f"There is no block {', '.join(unknown)}. There are: {', '.join(BLOCKS)}.")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="trainee-bench-") as name:
        folder = Path(name)
        say("Building the demonstration company ...")
        company.build(folder / "first")
        for one in wanted or BLOCKS:
            app = company.copied(folder / "first", folder / one)
            with app.app_context():
                BLOCKS[one](app, folder / one)
                company.leave()
            shutil.rmtree(folder / one)
            say(f"({time.monotonic() - begun:.0f} seconds)")


def small(_app: Flask, folder: Path) -> None:
    """What needs no server."""
    checking()
    one_update(folder)


def as_it_is(app: Flask, folder: Path) -> None:
    """The demonstration company as it is."""
    at_size(app, folder, "the demonstration company")


def long_history(app: Flask, folder: Path) -> None:
    """The same people with ten times the history."""
    company.grow(TIMES)
    rebuilding()
    at_size(app, folder, f"{TIMES} times its history")


def million(_app: Flask, _folder: Path) -> None:
    """Ten times the history, and as many more people as make a million rows of evidence."""
    company.grow(TIMES)
    company.crowd(-(-MILLION // company.events()))
    rebuilding()


def at_size(app: Flask, folder: Path, words: str) -> None:
    """Both servers side by side on the company as it is now."""
    lead = company.supervisor_of(FEW)
    queue = company.answers(app, random.Random(1))
    say(f"\n{words}: {company.events()} rows of evidence, {CONNECTIONS} connections, {ROUNDS} rounds in turn")
    lesson = next(module for module in library.catalogue_modules() if module.lessons)
    company.leave()
    with sites.side_by_side(folder) as (ceiling, ours):
        pages(ceiling, ours, f"/learn/{lesson.key}/{lesson.lessons[0].key}")
        saving(ceiling, ours, queue)
        leading(ceiling, ours, lead)


def lines(_app: Flask, folder: Path) -> None:
    """Somebody who leads fifty people and somebody who leads five hundred, all of them with a year of history."""
    company.grow(2)
    company.crowd(-(-MANY // company.people_serving()))
    company.rebuild()
    leads = [company.supervisor_of(many) for many in (FEW, MANY)]
    say(f"\na line of {FEW} and one of {MANY}, with a year of history: {company.events()} rows of evidence")
    company.leave()
    with sites.side_by_side(folder) as (ceiling, ours):
        few, many = leading(ceiling, ours, leads[0]), leading(ceiling, ours, leads[1], wanted=None)
    for one, other in zip(few, many, strict=True):
        times = statistics.median(one.rates) / statistics.median(other.rates)
        say(f"  {other.name} of {MANY} people costs {times:.1f} times that of {FEW}, wanted below 5: {'reached' if times < 5 else 'NOT reached'}")


def leading(ceiling: Site, ours: Site, username: str, wanted: float | None = 0.60) -> list[Measured]:
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
    table(top, found, wanted)
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


def table(top: Measured, found: list[Measured], wanted: float | None) -> None:
    """What was measured, with the share that is wanted beside it, if there is one."""
    say(f"  {'':<36}{'a second':>9}  {'(least..most)':<14}{'share':>7}{'CPU each':>11}{'share':>7}   wanted")
    for one in (top, *found):
        rates, cpu = statistics.median(one.rates), statistics.median(one.cpu)
        line = f"  {one.name:<36}{rates:>9.0f}  {f'({min(one.rates):.0f}..{max(one.rates):.0f})':<14}"
        # Each round is compared with the ceiling's round beside it, so that what else the machine does counts for little.
        share = statistics.median(mine / its for mine, its in zip(one.rates, top.rates, strict=True))
        cheap = statistics.median(its / mine for mine, its in zip(one.cpu, top.cpu, strict=True))
        line += f"{share:>7.0%}{cpu:>8.2f} ms{cheap:>7.0%}"
        say(line if one is top or wanted is None else f"{line}   {wanted:.0%} {'reached' if share >= wanted else 'NOT reached'}")


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
    rows, cpu, begun = company.events(), time.process_time(), time.perf_counter()
    db.session.rollback()
    company.rebuild()
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    reached = "reached" if rows / cpu >= 40_000 else "NOT reached"
    say(f"profile rebuild: {rows} events, {rows / took:,.0f} a second; {rows / cpu:,.0f} per second of processor time, wanted 40,000: {reached}")


def people_file(_app: Flask, _folder: Path) -> None:
    """Fifty thousand people from a CSV in Windows-1254 and once more from a workbook in which all of them are moved: checked, applied, taken back."""
    limit = 120
    for form, body in (("CSV", company.personnel_csv(PEOPLE)), ("Excel", company.personnel_workbook(PEOPLE))):
        begun, cpu = time.perf_counter(), time.process_time()
        one = importing.take(f"people.{form}", body, None, now())
        importing.settle(one, one.reading, one.reading["fields"], one.options)
        db.session.commit()
        settled = time.perf_counter()
        background.check(one.id, now(), background.silent)
        db.session.commit()
        checked = time.perf_counter()
        importing.ask_to_apply(one, "", PEOPLE)
        db.session.commit()
        background.apply(one.id, now(), background.silent)
        db.session.commit()
        applied = time.perf_counter()
        counts = ", ".join(f"{many} {outcome}" for outcome, many in one.counts.items())
        whole, cpu = applied - begun, time.process_time() - cpu
        reached = "reached" if whole < limit else "NOT reached"
        say(f"{PEOPLE} people from {form} ({len(body) / 1e6:.1f} MB; {counts}): {whole:.0f} s ({cpu:.0f} of processor time),")
        say(f"  read {settled - begun:.1f}, checked {checked - settled:.1f}, applied {applied - checked:.1f}; wanted below {limit}: {reached}")
    begun = time.perf_counter()
    importing.ask_to_undo(one, now())
    db.session.commit()
    background.take_back(one.id, now(), background.silent)
    db.session.commit()
    say(f"the last one taken back in {time.perf_counter() - begun:.0f} s")


def million_rows(_app: Flask, folder: Path) -> None:
    """The report of quiz attempts with a million rows as CSV, beside Python's writer over the driver's own cursor."""
    exporting.fill()
    hr, employee = (dict(demo.ACCOUNTS)[role] for role in ("hr", "employee"))
    # Modules are read once per process, and the first time is not what is measured.
    exporting.ours(hr, "csv", module="greeting")
    idle = exporting.memory()
    exporting.forget_peak()
    shares: dict[str, list[float]] = {"csv": [], "csv_plain": []}
    for _round in range(EXPORT_ROUNDS):
        rows, plain = exporting.plain(folder / "trainee.sqlite3")
        for form, found in shares.items():
            many, took = exporting.ours(hr, form)
            found.append(plain / took)
            if many != rows:
                raise SystemExit(f"{many} rows, and the database has {rows}.")
    say(f"{rows} attempts as CSV; Python's own writer over a raw cursor takes {plain:.1f} s of processor time")
    for form, found in shares.items():
        share = statistics.median(found)
        reached = "reached" if share >= EXPORT_SHARE else "NOT reached"
        say(f"  {form}: {share:.0%} of its rate ({min(found):.0%} to {max(found):.0%}), wanted {EXPORT_SHARE:.0%}: {reached}")
    more = (exporting.peak() - idle) / 1e6
    say(f"  memory: {more:.0f} MB above idle at the most, wanted below {EXPORT_MEMORY}: {'reached' if more < EXPORT_MEMORY else 'NOT reached'}")
    company.leave()
    site = sites.trainee(folder)
    try:
        site.wait()
        cookie = sites.signed_in(site.port, employee, demo.PASSWORD)
        for words in ("nothing beside it", "a worker making the file"):
            visitor = exporting.Visitor(site.port, cookie)
            visitor.start()
            if words == "nothing beside it":
                time.sleep(10)
            else:
                made, took, size = exporting.as_a_job(hr)
                say(f"  as a worker makes and keeps it: {made} rows, {size / 1e6:.0f} MB, {took:.0f} s")
            middle, slow, slowest = visitor.done()
            say(f"  Today with {words}: {middle:.0f} ms, 95 in 100 below {slow:.0f} ms, the slowest {slowest:.0f} ms")
    finally:
        site.stop()


def say(words: str) -> None:
    """Print at once."""
    print(words, flush=True)


BLOCKS: dict[str, Callable[[Flask, Path], None]] = {
    "small": small,
    "company": as_it_is,
    "history": long_history,
    "lines": lines,
    "rebuild": million,
    "people": people_file,
    "exporting": million_rows,
}


if __name__ == "__main__":
    main(sys.argv[1:])
