"""Observing, keeping drafts, showing what was seen, reviewing oneself and acknowledging."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update

from trainee import evidence, profile
from trainee.coaching.calibration import counts_in_full
from trainee.coaching.observations import planned, queries, readings
from trainee.coaching.observations.models import (
    CHANNELS,
    CONTEMPT,
    Observation,
    ObservationDraft,
    ObservationLine,
    SelfReview,
    SelfReviewLine,
    SelfReviewWish,
)
from trainee.coaching.observations.terms import due, terms
from trainee.kit import audit
from trainee.kit.db import db, insert_once, upsert
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once
from trainee.notices import tell
from trainee.people import Person
from trainee.profile import Showing
from trainee.skills import framework, scorecards

MOST_LINES = 10
LEVELS = (None, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Line:
    """What was seen of one skill: a level 1..4, or None for 'not seen'; a note; perhaps a critical error of the framework."""

    skill: str
    level: int | None
    note: str = ""
    critical: str | None = None

    @property
    def counts_as(self) -> int | None:
        """The level as evidence: a critical error overrides whatever was chosen."""
        return 1 if self.critical else self.level


# An hour, in seconds.
LONGEST_WAIT = 3600
# What can be done for the relation beyond the product: the most that is marked.
MOST_BEYOND = 3


@dataclass(frozen=True, slots=True)
class Around:
    """What is noted of a contact beside the lines: how it is called, which draw chose it, how it began, and how it was conducted.

    `first_seconds`: how long the customer waited for the first word, 0 to LONGEST_WAIT; None where nobody counted.
    `beyond`: what was done for the relation beyond the product, 0 (nothing) to MOST_BEYOND; None where nobody could see it.
    """

    contact: str = ""
    pick_id: int | None = None
    opening: int | None = None
    first_seconds: int | None = None
    beyond: int | None = None
    professional: bool | None = None
    respectful: bool | None = None
    conduct: str = ""


NOTHING_MORE = Around()


def observe(
    *,
    observer_id: int,
    person_id: int,
    seen_at: datetime,
    channel: str,
    lines: Sequence[Line],
    shared: str,
    receipt: str,
    at: datetime,
    card_id: int | None = None,
    around: Around = NOTHING_MORE,
    self_review: bool = False,
) -> int:
    """Keep what was seen of somebody at work and make evidence of it; the observation's id. The same receipt again changes nothing.

    With `self_review`, or where she wishes it herself, the person is asked first how she saw it, and only then it is shown and counts. Refusal (422)
    when it is oneself, lies ahead, is of no known channel, has no line that was seen, does not fit its card, lacks the note that level 1, level 4, a
    critical error and bad conduct need, or somebody else's marks of this contact are known to the observer. Who may observe whom is the caller's
    question (`rights.person_to_observe`).

    A contact that was not respectful counts as level 1 in every line that was marked; the marks themselves are kept.
    """
    _check_observation(observer_id, person_id, seen_at, channel, at)
    _check_lines(lines, card_id)
    _check_around(around)
    if around.respectful is False:
        lines = [one if one.critical or one.level is None else replace(one, critical=CONTEMPT) for one in lines]
    self_review = self_review or wishes_first(person_id)
    zone: str = db.session.execute(select(Person.time_zone).where(Person.id == person_id)).scalar_one()
    licensed = counts_in_full(observer_id)
    values = {
        "observer_id": observer_id,
        "person_id": person_id,
        "card_id": card_id,
        "seen_at": seen_at,
        "recorded_at": at,
        "channel": channel,
        "contact": around.contact.strip(),
        "pick_id": around.pick_id,
        "opening": around.opening,
        "first_seconds": around.first_seconds,
        "beyond": around.beyond,
        "professional": around.professional,
        "respectful": around.respectful,
        "conduct": around.conduct.strip(),
        "shared": shared.strip(),
        "licensed": licensed,
        "self_review_by": due(terms().self_review, at, zone) if self_review else None,
        "released_at": None if self_review else at,
        "dispute_by": None if self_review else due(terms().dispute, at, zone),
        "acknowledged_at": None,
        "receipt": receipt,
    }
    made, new = keep_once(Observation, values, "observer_id")
    if not new:
        return made
    _check_blind(made, observer_id, person_id, around.contact.strip())
    rows = [{"observation_id": made, "skill_key": one.skill, "level": one.level, "note": one.note.strip(), "critical": one.critical} for one in lines]
    db.session.execute(insert(ObservationLine), rows)
    db.session.execute(delete(ObservationDraft).where(ObservationDraft.receipt == receipt))
    if not self_review:
        _count(_Seen(made, observer_id, person_id, seen_at, around.contact.strip(), licensed, around.respectful), lines, at)
    planned.settle(person_id, [one.skill for one in lines if one.counts_as is not None])
    audit.note(observer_id, "observe", f"observation/{made}", at, person=person_id)
    tell("observation_to_read", [person_id], at)
    return made


# What counts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Seen:
    id: int
    observer_id: int
    person_id: int
    seen_at: datetime
    contact: str
    licensed: bool
    respectful: bool | None


def _count(seen: _Seen, lines: Sequence[Line], at: datetime) -> None:
    """Make evidence of the lines that were seen. A line of which somebody else's mark of the same contact counts makes one row with it."""
    marks = {one.skill: level for one in lines if (level := one.counts_as) is not None}
    double = queries.scored_by_another(seen.id, seen.person_id, seen.contact, seen.observer_id) if seen.contact else {}
    rows = _single_rows(seen, {skill: other.observation_id for skill, other in double.items() if skill in marks})
    showings = []
    for one in lines:
        if one.skill not in marks:
            continue
        other, row = double.get(one.skill), rows.get(one.skill)
        if other is None or row is None:
            showings.append(_showing(seen, one, marks[one.skill]))
            continue
        profile.retract(row.id, "observed by two", at, seen.observer_id)
        mine = Mark(seen.id, seen.observer_id, marks[one.skill])
        showings.append(doubled(seen.person_id, one.skill, seen.seen_at, mine, Mark(other.observation_id, other.observer_id, other.level)))
    profile.record(showings, at)


def _single_rows(seen: _Seen, others: Mapping[str, int]) -> dict[str, evidence.Row]:
    """The rows that stand for the others' marks of this contact by themselves, by skill. Two statements, none where there are no others."""
    if not others:
        return {}
    decided = queries.rulings(seen.person_id, seen.contact)
    receipts = {receipt: skill for skill, number in others.items() for receipt in single_receipts(number, skill, decided.get(skill, ()))}
    return {receipts[receipt]: row for receipt, row in evidence.standing(list(receipts)).items()}


def line_receipt(observation_id: int, skill: str) -> str:
    """Under which receipt a line is evidence."""
    return f"observation_line/{observation_id}/{skill}"


def alone_receipt(observation_id: int, skill: str, dispute_id: int) -> str:
    """Under which receipt a line is evidence that stands by itself again, since that dispute took away what it was joined with."""
    return f"{line_receipt(observation_id, skill)}/alone-{dispute_id}"


def decided_receipt(receipt: str, dispute_id: int) -> str:
    """Under which receipt the same counts as that dispute decided it."""
    return f"{receipt}/dispute-{dispute_id}"


def single_receipts(observation_id: int, skill: str, dispute_ids: Iterable[int]) -> list[str]:
    """Every receipt under which a line can be evidence by itself, of a contact about which these disputes were decided; one at most stands."""
    own = line_receipt(observation_id, skill)
    return [own, *(again for one in dispute_ids for again in (alone_receipt(observation_id, skill, one), decided_receipt(own, one)))]


def double_receipt(one: int, other: int, skill: str) -> str:
    """Under which receipt a line that two scored is evidence."""
    return f"double_observation/{min(one, other)}-{max(one, other)}/{skill}"


def double_receipts(one: int, other: int, skill: str, dispute_ids: Iterable[int]) -> list[str]:
    """Every receipt under which a line that two scored can be evidence; one at most stands."""
    own = double_receipt(one, other, skill)
    return [own, *(decided_receipt(own, number) for number in dispute_ids)]


def _showing(seen: _Seen, line: Line, level: int) -> Showing:
    detail: dict[str, object] = {"observation": seen.id, "level": level}
    if line.critical:
        detail["critical"] = line.critical
    contempt = seen.respectful is False and line.critical == CONTEMPT
    return Showing(
        person_id=seen.person_id,
        skill=line.skill,
        source=source_of(seen.licensed),
        score=score_of(level),
        item=contempt_item(seen.observer_id, line.skill) if contempt else observer_item(seen.observer_id, line.skill),
        occurred_at=seen.seen_at,
        receipt=line_receipt(seen.id, line.skill),
        detail=detail,
        actor_id=seen.observer_id,
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """One of two marks of a contact: in which observation it stands, who saw it (also where somebody else decided the level), and the level."""

    observation_id: int
    observer_id: int
    level: int


def doubled(person_id: int, skill: str, seen_at: datetime, mine: Mark, other: Mark, dispute_id: int | None = None) -> Showing:
    """One row of two marks of the same contact; since a dispute changed one of them, under a receipt of its own."""
    both = sorted((mine.observer_id, other.observer_id))
    receipt = double_receipt(mine.observation_id, other.observation_id, skill)
    return Showing(
        person_id=person_id,
        skill=skill,
        source="double_observation",
        score=(score_of(mine.level) + score_of(other.level)) / 2,
        item=f"observers/{both[0]}+{both[1]}/{skill}",
        occurred_at=seen_at,
        receipt=receipt if dispute_id is None else decided_receipt(receipt, dispute_id),
        detail={"observation": mine.observation_id, "other": other.observation_id, "levels": [mine.level, other.level]},
    )


def observer_item(observer_id: int, skill: str) -> str:
    """Through whose eyes a line was seen: her leniency is taken off whatever level it has."""
    return f"observer/{observer_id}/{skill}"


def contempt_item(observer_id: int, skill: str) -> str:
    """A line that is at level 1 because the whole contact is: no mark of the observer's, so nothing of her leniency is taken off or learned."""
    return f"contempt/{observer_id}/{skill}"


def source_of(licensed: bool) -> str:
    """As which evidence an observation counts."""
    return "observation_line" if licensed else "unlicensed_observation"


def score_of(level: int) -> float:
    """A level as a share of the points."""
    return (level - 1) / 3


# What is refused -------------------------------------------------------------------------------------------------------


def _check_observation(observer_id: int, person_id: int, seen_at: datetime, channel: str, at: datetime) -> None:
    if observer_id == person_id:
        raise Refusal(_("Nobody observes herself. Ask a colleague who may."), 422, "oneself")
    if seen_at > at:
        raise Refusal(_("That moment has not come yet. Please look at the date and the time."), 422, "seen_at")
    if channel not in CHANNELS:
        raise Refusal(_("Please choose the channel."), 422, "channel")


def _check_lines(lines: Sequence[Line], card_id: int | None) -> None:
    if not 1 <= len(lines) <= MOST_LINES or len({one.skill for one in lines}) < len(lines):
        raise Refusal(_("Choose one to %(most)s skills, each once.", most=MOST_LINES), 422, "lines")
    card = scorecards.card(card_id) if card_id is not None else None
    for one in lines:
        _check_line(one)
        if card is not None and (one.skill not in card.skills or (one.critical and one.critical not in card.critical)):
            raise Refusal(_("This does not stand on the card. Please open the form anew."), 422, "lines")
    if all(one.counts_as is None for one in lines):
        raise Refusal(_("None of these skills was seen. Mark at least one, or leave the form."), 422, "lines")


def _check_line(line: Line) -> None:
    book = framework()
    if line.skill not in book or line.level not in LEVELS or (line.critical and line.critical not in book.critical_errors):
        raise Refusal(_("Choose a skill and a level from 1 to 4."), 422, "lines")
    if line.counts_as in (1, 4) and not line.note.strip():
        raise Refusal(note_missing(), 422, f"note_{line.skill}")


def _check_around(around: Around) -> None:
    if around.opening not in LEVELS:
        raise Refusal(_("Choose a level from 1 to 4 for the first thirty seconds."), 422, "opening")
    if around.first_seconds is not None and not 0 <= around.first_seconds <= LONGEST_WAIT:
        raise Refusal(too_long(), 422, "first_seconds")
    if around.beyond is not None and not 0 <= around.beyond <= MOST_BEYOND:
        raise Refusal(_("Choose 0 to %(most)s for what went beyond the product.", most=MOST_BEYOND), 422, "beyond")
    if False in (around.professional, around.respectful) and not around.conduct.strip():
        raise Refusal(conduct_missing(), 422, "conduct")


def _check_blind(observation_id: int, observer_id: int, person_id: int, contact: str) -> None:
    """Two marks of one contact say more than one only when neither knew the other's; her own of before she knows."""
    if contact and readings.scored_before(observer_id, person_id, contact, observation_id):
        raise Refusal(_("You have scored this contact already, and it counts once. Please choose another one."), 422, "contact")
    known = readings.whose_marks_are_known(observer_id, person_id, contact)
    if known is not None:
        words = _("You have read what %(name)s marked of this contact, so yours would not be blind. Please choose another contact.", name=known)
        raise Refusal(words, 422, "contact")


def too_long() -> str:
    """What is said of a first word that is said to have come before the customer, or too late to have been waited for."""
    return str(_("Please write whole seconds, from 0 to %(most)s.", most=LONGEST_WAIT))


def note_missing() -> str:
    """What is said when a mark that needs a note has none."""
    return str(_("Please write what you saw or heard: a low mark, a top mark and a critical error need it."))


def conduct_missing() -> str:
    """What is said when bad conduct is noted without what happened."""
    return str(_("Please write what was said or done that was not respectful or not professional."))


# Drafts ----------------------------------------------------------------------------------------------------------------


def keep_draft(*, observer_id: int, person_id: int, card_id: int, receipt: str, fields: Mapping[str, Sequence[str]], at: datetime) -> bool:
    """Keep a form as it was last typed; False when it was sent meanwhile, so that nothing comes back that is done."""
    if not receipt or db.session.execute(select(Observation.id).where(Observation.receipt == receipt)).first() is not None:
        return False
    owner = db.session.execute(select(ObservationDraft.observer_id).where(ObservationDraft.receipt == receipt)).scalar()
    if owner not in (None, observer_id):
        return False
    values = {
        "receipt": receipt,
        "observer_id": observer_id,
        "person_id": person_id,
        "card_id": card_id,
        "fields": {name: list(values) for name, values in fields.items()},
        "begun_at": at,
        "kept_at": at,
    }
    upsert(ObservationDraft, values, ["receipt"], ["fields", "card_id", "kept_at"])
    return True


def drop_draft(draft_id: int, observer_id: int) -> None:
    """Throw a draft away."""
    db.session.execute(delete(ObservationDraft).where(ObservationDraft.id == draft_id, ObservationDraft.observer_id == observer_id))


# Self-review, and showing what was seen --------------------------------------------------------------------------------


def review_self(observation: Observation, levels: Mapping[str, int | None], note: str, at: datetime, *, declined: bool = False) -> bool:
    """The person says how she saw the contact herself, or that she would rather not; then she may read the rest. False when she had said so before.

    She is asked, or says it of her own accord as long as she has not read the rest. What she says is shown beside the observer's marks and never
    counted.
    """
    if observation.self_review_by is None and readings.read_by(observation.person_id, [observation.id]):
        raise Refusal(_("You have read this observation already; your own view comes first or not at all."))
    known = {line.skill_key for line in queries.lines_of([observation.id])[observation.id]}
    given = {} if declined else {skill: levels.get(skill) for skill in sorted(known)}
    if any(level not in LEVELS for level in given.values()) or not (declined or any(given.values())):
        raise Refusal(_("Please mark at least one line, or choose to read without a view of your own."), 422, "lines")
    values = {"observation_id": observation.id, "given_at": at, "declined": declined, "note": "" if declined else note.strip()}
    if insert_once(SelfReview, values, ["observation_id"]) is None:
        return False
    if given:
        rows = [{"observation_id": observation.id, "skill_key": skill, "level": level} for skill, level in given.items()]
        db.session.execute(insert(SelfReviewLine), rows)
        profile.record([_own(observation, skill, level) for skill, level in given.items() if level is not None], at)
    release(observation, at)
    audit.note(observation.person_id, "decline self-review" if declined else "review oneself", f"observation/{observation.id}", at)
    return True


def _own(observation: Observation, skill: str, level: int) -> Showing:
    return Showing(
        person_id=observation.person_id,
        skill=skill,
        source="self_assessment",
        score=score_of(level),
        item=f"self/{skill}",
        occurred_at=observation.seen_at,
        receipt=f"self_review/{observation.id}/{skill}",
        detail={"observation": observation.id, "level": level},
    )


def release(observation: Observation, at: datetime) -> bool:
    """Show the person what was seen of her and make evidence of it; False when that was done before."""
    zone: str = db.session.execute(select(Person.time_zone).where(Person.id == observation.person_id)).scalar_one()
    values = {"released_at": at, "dispute_by": due(terms().dispute, at, zone)}
    still = (Observation.id == observation.id) & Observation.released_at.is_(None)
    if db.session.execute(update(Observation).where(still).values(**values).returning(Observation.id)).scalar() is None:
        return False
    seen = _Seen(
        observation.id,
        observation.observer_id,
        observation.person_id,
        observation.seen_at,
        observation.contact,
        observation.licensed,
        observation.respectful,
    )
    lines = [Line(row.skill_key, row.level, row.note, row.critical) for row in queries.lines_of([observation.id])[observation.id]]
    _count(seen, lines, at)
    return True


def release_overdue(observation_id: int, at: datetime) -> None:
    """Show what waited for a self-review that did not come in time."""
    found = db.session.get(Observation, observation_id)
    if found is not None and found.released_at is None and release(found, at):
        tell("observation_to_read", [found.person_id], at)


def acknowledge(observation: Observation, at: datetime) -> bool:
    """The observed person has read it; False when she had said so before."""
    if observation.acknowledged_at is not None:
        return False
    release(observation, at)
    observation.acknowledged_at = at
    audit.note(observation.person_id, "acknowledge", f"observation/{observation.id}", at)
    return True


def wishes_first(person_id: int) -> bool:
    """Whether somebody wishes to say first how she saw it, of whatever is seen of her."""
    return db.session.get(SelfReviewWish, person_id) is not None


def wish_first(person_id: int, wished: bool, at: datetime) -> None:
    """She wishes, or no longer wishes, to say first how she saw it. What waits for her view already goes on waiting."""
    if wished:
        insert_once(SelfReviewWish, {"person_id": person_id, "since": at}, ["person_id"])
    else:
        db.session.execute(delete(SelfReviewWish).where(SelfReviewWish.person_id == person_id))


def waits_for_self_review(observation: Observation, today: date) -> bool:
    """Whether the person has still to say how she saw it herself before she may read it; never longer than its date."""
    return observation.released_at is None and observation.self_review_by is not None and today <= observation.self_review_by
