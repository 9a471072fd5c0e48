"""How the demonstration company observes: its cards, its calibration, a draw, self-reviews, and lines that were disputed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from trainee.coaching import Observation, dispute, draws
from trainee.coaching.calibration import CalibrationCase, close, make_case, score
from trainee.coaching.observations import decide, disputes, review_self
from trainee.demo.company import Member
from trainee.demo.doing import CHANNEL, LOOKED_AT
from trainee.demo.life import DAYS, MORNING, Life
from trainee.kit.db import db
from trainee.skills import Framework, framework, scorecards
from trainee.skills.scorecards import Anchors, CardLine, Scorecard, ScoreLine

# Nobody's marks lie further than one level from the reference, so that everybody who observes is licensed before the first observation.
_NEAR = (-1, 0, 0, 0, 1)
_SELF_REVIEWS, _POOL = 8, 60


def plant(life: Life) -> None:
    """Plan all of it. What is drawn by lot comes from a source of its own, so that nothing else of the half year changes."""
    lot = Random(20260315)
    life.diary.plan(0, MORNING - 50, None, partial(_cards, life))
    life.diary.plan(1, MORNING - 50, None, partial(_calibrate, life, lot))
    life.diary.plan(DAYS - 12, MORNING - 50, None, partial(_open_case, life, lot))
    _self_reviews(life, lot)
    _disputes(life)
    life.diary.plan(DAYS - 6, MORNING - 45, None, partial(_draw, life, lot))


def _cards(life: Life, at: datetime) -> None:
    """The training lead puts everything that her teams look at on their cards."""
    book = framework()
    for kind, looked_at in LOOKED_AT.items():
        channel = CHANNEL[kind]
        shipped = next(card for card in scorecards.current_cards() if card.channel == channel)
        known = {line.skill: line for line in shipped.lines}
        # In the order of a contact: greeting first, then what it is about, then what is done for it, then the end.
        steps = list(book.steps)
        skills = sorted([*known, *(one for one in looked_at if one not in known)], key=lambda one: steps.index(book.skill(one).step))
        weights = [100 // len(skills)] * len(skills)
        weights[0] += 100 - sum(weights)
        lines = tuple(_line(skill, weight, known.get(skill), book) for skill, weight in zip(skills, weights, strict=True))
        card = Scorecard(key=shipped.key, channel=channel, title=shipped.title, lines=lines, critical=shipped.critical)
        life.doer.cards[kind] = scorecards.card(scorecards.publish(card, at, life.company["defne"].id, "browser"))


def _line(skill: str, weight: int, shipped: CardLine | None, book: Framework) -> ScoreLine:
    """A line of the company's card: as we ship it, with anchors of its own where it has some, else as the framework tells the skill."""
    if shipped is None:
        return ScoreLine(skill=skill, weight=weight, shows=book.skill(skill).anchors[3][0])
    own = {level: Anchors(tr=tuple(one.tr for one in both), en=tuple(one.en for one in both)) for level, both in shipped.anchors.items()}
    return ScoreLine.model_validate({"skill": skill, "weight": weight, "shows": shipped.shows, "anchors": own if shipped.own else {}})


def _scorers(life: Life) -> list[Member]:
    return [one for one in life.company.members if "supervisor" in one.roles and one.team is not None and one.username != "defne"] + [
        one for one in life.company.of("quality") if not one.leads and "supervisor" not in one.roles
    ]


def _marks(life: Life, wanted: Mapping[str, int | None], who: Member, lot: Random) -> dict[str, int | None]:
    """What somebody gives: the reference, or one level beside it, rather on the side she leans to."""
    lean = life.doer.leniency.get(who.id, 0.0)
    found: dict[str, int | None] = {}
    for skill, level in wanted.items():
        step = (1 if lean > 0 else -1) if lot.random() < abs(lean) else lot.choice(_NEAR)
        found[skill] = None if level is None else min(max(level + step, 1), 4)
    return found


def _case(life: Life, number: int, at: datetime, *, reference: bool) -> tuple[CalibrationCase, dict[str, int | None]]:
    told = life.book.texts["calibration"][number]
    card = life.doer.cards["phone"]
    wanted: dict[str, int | None] = {skill: told["marks"].get(skill) for skill in card.skills}
    made = make_case(
        title=told["title"],
        card_id=card.id,
        text=told["text"],
        reference=wanted if reference else {},
        made_by_id=life.company["defne"].id,
        receipt=life.doer.key(),
        at=at,
    )
    return db.session.get_one(CalibrationCase, made), wanted


def _calibrate(life: Life, lot: Random, at: datetime) -> None:
    """Three cases whose marks the training lead gave beforehand; everybody who observes scores them.

    They have done this work for years and are taken to know its basics; whoever becomes an observer on the site passes the quizzes first.
    """
    for number in range(3):
        case, wanted = _case(life, number, at, reference=True)
        for place, who in enumerate(_scorers(life)):
            score(case, who.id, _marks(life, wanted, who, lot), at + timedelta(minutes=10 * number + place % 9))
            life.doer.done["calibration sheets"] += 1


def _open_case(life: Life, lot: Random, at: datetime) -> None:
    """A fourth, without a reference and not closed yet: the leaders of the phone teams have still to score it."""
    case, wanted = _case(life, 3, at, reference=False)
    late = {life.company.leader(team).id for team in ("phone-1", "phone-2")}
    for who in _scorers(life):
        if who.id not in late:
            score(case, who.id, _marks(life, wanted, who, lot), at + timedelta(minutes=5))
    first = db.session.get_one(CalibrationCase, 1)
    close(first, "", life.company["defne"].id, at)


def _self_reviews(life: Life, lot: Random) -> None:
    """Some are asked first how they saw it themselves; the last of them has still to say."""
    people = [who for who in life.company.of("phone-2") if not who.leads and not who.new][:_SELF_REVIEWS]
    for number, who in enumerate(people):
        waits = number == len(people) - 1
        day = DAYS - 1 if waits else DAYS - 40 + 4 * number
        life.diary.plan(day, MORNING + 30, None, partial(_self_review, life, lot, who, waits))


def _self_review(life: Life, lot: Random, who: Member, waits: bool, at: datetime) -> None:
    made = _watched(life, life.company.leader("phone-2"), who, at, self_review=True)
    if waits:
        return
    found = db.session.get_one(Observation, made)
    levels = {skill: lot.choice((2, 3, 3, 4)) for skill in LOOKED_AT[who.kind]}
    review_self(found, levels, lot.choice(life.book.texts["self_reviews"]), at + timedelta(hours=lot.randint(2, 20)))
    life.doer.done["self-reviews"] += 1


def _watched(life: Life, observer: Member, who: Member, at: datetime, *, self_review: bool = False, told: Mapping[str, int] | None = None) -> int:
    return life.doer.write_down(observer, who, at, dict(told or dict.fromkeys(LOOKED_AT[who.kind][:4], 3)), self_review=self_review)


def _disputes(life: Life) -> None:
    """A strict mark that was put right, and one that waits for Aylin."""
    strict = [one for one in life.company.of("quality") if not one.leads][1]
    first, second = [who for who in life.company.of("phone-1") if not who.leads and not who.new and who.username != "kerem"][:2]
    life.diary.plan(DAYS - 30, MORNING + 40, None, partial(_decided, life, strict, first))
    life.diary.plan(DAYS - 3, MORNING + 40, None, partial(_disputed, life, strict, second, "waiting", "needs-discovery"))


def _disputed(life: Life, observer: Member, who: Member, text: str, skill: str, at: datetime) -> int:
    made = _watched(life, observer, who, at, told={skill: 1, "reliability": 3, "channel-communication": 3})
    life.doer.done["disputes"] += 1
    return dispute(db.session.get_one(Observation, made), skill, life.book.texts["disputes"][text]["reason"], at + timedelta(hours=5))


def _decided(life: Life, observer: Member, who: Member, at: datetime) -> None:
    number = _disputed(life, observer, who, "decided", "empathy", at)
    words = life.book.texts["disputes"]["decided"]["reply"]
    decide(disputes.opened(number), by_id=life.company.leader("phone-1").id, outcome="changed", level=3, reply=words, at=at + timedelta(hours=27))


def _draw(life: Life, lot: Random, at: datetime) -> None:
    """Aylin lets chance choose three of somebody's calls; one recording is incomplete."""
    aylin = life.company["aylin"]
    who = [one for one in life.company.of("phone-1") if not one.leads and one.username != "kerem"][3]
    pool = [f"ÇM-{40_000 + number * 7 + lot.randrange(7)}" for number in range(_POOL)]
    made = draws.draw(
        person_id=who.id,
        drawn_by_id=aylin.id,
        kind="references",
        pool=pool,
        seed=f"{lot.getrandbits(128):032x}",
        wanted=3,
        receipt=life.doer.key(),
        at=at,
    )
    found = db.session.get_one(draws.ContactDraw, made)
    first = draws.picks_of(made)[0]
    draws.replace(found, first.id, life.book.texts["replaced"], aylin.id, at + timedelta(minutes=12))
