"""The one door through which evidence comes in: it is written and added up in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from trainee import evidence
from trainee.evidence import Row, Showing
from trainee.profile import calibrations, policy, store
from trainee.profile.fold import Person, Readings, take

# So many showings are written and folded together; more would not fit into one statement's parameters.
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one showing: its row (None when the receipt was known) and the score that was to be expected of it.

    `expected` is None when nothing was written, when the source does not count, or when the evidence came late.
    """

    receipt: str
    evidence_id: int | None
    expected: float | None

    @property
    def new(self) -> bool:
        """Whether this call wrote it."""
        return self.evidence_id is not None


def record(showings: Sequence[Showing], at: datetime) -> list[Recorded]:
    """Write what people showed and bring their figures up to date, in the caller's transaction; one answer per showing.

    A receipt that was written before changes nothing. Evidence that comes late makes that one person be folded anew.
    """
    done: dict[int, Recorded] = {}
    # Person by person, so that a portion of a large import touches few people.
    order = sorted(range(len(showings)), key=lambda place: showings[place].person_id)
    for start in range(0, len(order), _BATCH):
        portion = order[start : start + _BATCH]
        written = evidence.write([showings[place] for place in portion], at)
        rows = [_row(one.showing, one.evidence_id) for one in written if one.evidence_id is not None]
        expected = _take_in(rows, at) if rows else {}
        for place, one in zip(portion, written, strict=True):
            done[place] = Recorded(one.showing.receipt, one.evidence_id, expected.get(one.evidence_id or 0))
    return [done[place] for place in range(len(showings))]


def retract(evidence_id: int, reason: str, at: datetime, actor_id: int | None = None) -> bool:
    """Take one piece of evidence back and fold its person anew; whether it stood until now. LookupError when there is none."""
    person_id = evidence.retract(evidence_id, reason, at, actor_id)
    if person_id is None:
        return False
    for locked in _locked([person_id], at):
        calibrations.refold(locked.calibration_id, [person_id], store.difficulties(locked.calibration_id))
    return True


def _row(showing: Showing, number: int) -> Row:
    return Row(
        number,
        showing.person_id,
        showing.skill,
        showing.source,
        showing.score,
        showing.item,
        showing.occurred_at,
        showing.actor_id,
        showing.choices,
        showing.receipt,
    )


def _locked(person_ids: Iterable[int], at: datetime) -> list[store.Locked]:
    ids = list(person_ids)
    held = store.lock(ids)
    if not held:
        # Either nothing was ever calibrated, or a new calibration came into use while we waited for the old one.
        calibrations.begin(at)
        held = store.lock(ids)
    return held


def _take_in(rows: Sequence[Row], at: datetime) -> dict[int, float | None]:
    by_person: dict[int, list[Row]] = {}
    for row in rows:
        by_person.setdefault(row.person_id, []).append(row)
    held = _locked(by_person, at)
    calibration_id = held[0].calibration_id
    known = store.difficulties(calibration_id)
    people: dict[int, Person] = {}
    late: list[int] = []
    for person_id, _calibration, person in held:
        mine = by_person[person_id]
        mine.sort(key=lambda row: (row.occurred_at, row.id))
        if person.newest_at is not None and (mine[0].occurred_at, mine[0].id) < (person.newest_at, person.newest_id):
            late.append(person_id)
        else:
            people[person_id] = person
    expected: dict[int, float | None] = {}
    readings: Readings = {}
    if people:
        _load(people, calibration_id, by_person)
        for person_id, person in people.items():
            for row in by_person[person_id]:
                expected[row.id] = take(person, row, known, readings)
            person.rows += len(by_person[person_id])
        store.save(calibration_id, people)
    if late:
        calibrations.refold(calibration_id, late, known)
    return expected


def _load(people: dict[int, Person], calibration_id: int, by_person: dict[int, list[Row]]) -> None:
    # A person without evidence has nothing to load.
    old = {person_id: person for person_id, person in people.items() if person.newest_at is not None}
    if not old:
        return
    skills: set[str] = set()
    items: set[str] = set()
    closing = []
    for person_id, person in old.items():
        mine = by_person[person_id]
        skills.update(row.skill for row in mine)
        for row in mine:
            found = policy.rule(row.source, row.choices)
            known = found.source.memory_key(row.item, row.actor_id) if found else None
            if known is not None:
                items.add(f"{known}|{row.skill}")
        if person.month_ends is not None and mine[-1].occurred_at >= person.month_ends:
            closing.append(person_id)
    store.load(old, calibration_id, sorted(skills), sorted(items), closing)
