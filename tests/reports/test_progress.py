"""Progress over time: what the database counts by month is what one counts row by row in the reports of each thing."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from flask import get_template_attribute
from sqlalchemy import func, insert, select, update

from trainee import plans, profile, skills
from trainee.coaching.observations.models import Dispute, Observation, ObservationLine
from trainee.coaching.sessions.models import CoachingSession
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import date_words
from trainee.modules.progress.models import PartDone
from trainee.modules.progress.queries import required_parts
from trainee.modules.quizzes.models import QuizAttempt
from trainee.people import Person, Stay, Team, Unit
from trainee.people.actions import disable, make_unit, move
from trainee.people.queries import viewer_named
from trainee.profile import Showing
from trainee.reports.filters import Asked, Filters, counted_to
from trainee.reports.kinds import kinds
from trainee.reports.learning import learned
from trainee.reports.monthly import Month, months
from trainee.reports.population import TeamsThen, chunks

MODULES = ("greeting", "listening", "no_such_module")


def row_by_row(asked: Asked) -> list[Month]:
    """The same months, counted from the facts of the other reports."""
    found: dict = {}
    learners: dict = {}

    def of(moment: datetime) -> Month:
        first = local_date(moment, asked.who.time_zone).replace(day=1)
        return found.setdefault(first, Month(first))

    for members in chunks(asked, once=True):
        for one in learned(members, asked, TeamsThen(members, asked)):
            month = of(one.finished_at)
            learners.setdefault(month.month, set()).add(one.member.id)
            month.minutes += one.minutes
            month.parts += 1
            month.completed += one.completes
    for tried in kinds["attempts"].facts(asked):
        month = of(tried.started_at)
        month.tries += 1
        month.handed_in += tried.handed_in
        month.passed += tried.handed_in and tried.passed
    if asked.filters.module is None:
        for contact in kinds["observations"].facts(asked):
            month = of(contact.observation.seen_at)
            month.contacts += 1
            month.lines += contact.lines
            month.good += contact.good
        for talked in kinds["coaching"].facts(asked):
            if talked.held_at is not None:
                of(talked.seen.row.promised_at).held += 1
    for month, people in learners.items():
        found[month].people = len(people)
    return [found[month] for month in sorted(found)]


def moment(draw: random.Random, at: datetime) -> datetime:
    """Any hour of a year and a half, and often one beside the end of a month in Istanbul or in UTC."""
    if draw.random() < 0.4:
        return datetime(2025, draw.randint(1, 12), 1, tzinfo=UTC) + timedelta(
            hours=draw.choice((-4, -3, -2, -1, 0, 1)), minutes=draw.choice((-1, 0, 1))
        )
    return at - timedelta(hours=draw.randrange(540 * 24))


def fill(cast, draw: random.Random, at: datetime) -> None:
    """People who move and leave, and everything they might have done."""
    everybody, teams = list(vars(cast).values()), list(db.session.scalars(select(Team.id)))
    db.session.execute(update(Stay).values(since=at - timedelta(days=420)))
    for person_id in everybody:
        person = db.session.get_one(Person, person_id)
        for day in sorted(draw.sample(range(400), draw.randrange(3)), reverse=True):
            move(person, draw.choice([*teams, None]), at - timedelta(days=day))
    for person_id in draw.sample([cast.amir, cast.beth, cast.gus, cast.kai, cast.zoe], 2):
        disable(db.session.get_one(Person, person_id), at, cast.ela)
    training, version = plans.training(), next(iter(plans.training().versions.values()))
    for person_id in everybody:
        for key in MODULES:
            parts = [*(required_parts(training.modules[key]) if key in training.modules else ["quiz"]), "lesson/gone"]
            some = parts if draw.random() < 0.5 else draw.sample(parts, draw.randrange(len(parts)))
            once = moment(draw, at)
            for part in some:
                # Now and then two parts are done in one moment.
                first = once if draw.random() < 0.3 else moment(draw, at)
                db.session.add(PartDone(person_id=person_id, module_key=key, part=part, first_at=first, last_at=first + timedelta(days=40)))
            for number in range(draw.randrange(3)):
                # One at a time is open.
                ended = draw.choice((None, at)) if number == 0 else at
                given = {"allowed": None, "seed": "s", "drawn": [], "deadline_at": None, "score": 0.5, "handed_in_at": ended}
                passed = draw.choice((True, False)) if ended else draw.choice((None, True))
                more = {"number": number, "started_at": moment(draw, at), "passed": passed}
                db.session.add(QuizAttempt(person_id=person_id, version_id=version, module_key=key, **more, **given))
    about = {"skill": skills.framework().skills[0].key, "source": "quiz_answer", "item": "greeting/quiz/q1"}
    shown = Showing(person_id=cast.beth, score=1.0, occurred_at=at, receipt="one", **about)
    evidence = profile.record([shown], at)[0].evidence_id
    for number in range(120):
        observer, person_id = draw.sample(everybody, 2)
        observe(observer, person_id, number, draw, at)
        promise(observer, person_id, number, evidence, draw, at)
    db.session.commit()


def observe(observer: int, person_id: int, number: int, draw: random.Random, at: datetime) -> None:
    seen = moment(draw, at)
    nothing = dict.fromkeys(("card_id", "pick_id", "opening", "professional", "respectful", "self_review_by", "dispute_by", "acknowledged_at"))
    words = {"channel": "shop", "contact": "", "conduct": "", "shared": "", "licensed": True, "receipt": f"seen-{number}"}
    times = {"seen_at": seen, "recorded_at": seen, "released_at": draw.choice((None, seen, seen))}
    one = Observation(observer_id=observer, person_id=person_id, **nothing, **words, **times)
    db.session.add(one)
    db.session.flush()
    for skill in draw.sample([skill.key for skill in skills.framework().skills], draw.randrange(5)):
        critical = draw.choice((None, None, None, "rude"))
        line = {"observation_id": one.id, "skill_key": skill}
        db.session.execute(insert(ObservationLine).values(**line, level=draw.choice((None, 1, 2, 3, 4)), note="", critical=critical))
        if draw.random() < 0.4:
            outcome = draw.choice((None, "kept", "changed", "struck"))
            decided = {"decided_at": at if outcome else None, "decided_by_id": None, "outcome": outcome, "reply": ""}
            level = draw.randint(1, 4) if outcome == "changed" else None
            db.session.execute(insert(Dispute).values(**line, reason="x", raised_at=at, decide_by=at.date(), level=level, **decided))


def promise(coach: int, person_id: int, number: int, evidence: int, draw: random.Random, at: datetime) -> None:
    held = draw.random() < 0.6
    agreed = {"held_at": at, "action": "Smile.", "action_by": at.date(), "follow_up_on": at.date(), "agreed_by_id": coach}
    said = agreed if held else dict.fromkeys(agreed)
    about = {"coach_id": coach, "person_id": person_id, "skill_key": skills.framework().skills[0].key, "evidence_id": evidence}
    off = {"cancelled_at": None, "cancelled_by_id": None, "cancel_reason": None}
    db.session.add(CoachingSession(**about, arranged_at=at, promised_at=moment(draw, at), receipt=f"talk-{number}", **said, **off))


@pytest.mark.parametrize("seed", range(4))
def test_the_months_are_those_one_counts_row_by_row_under_any_filter(cast, at, seed):
    draw = random.Random(seed)
    inside = make_unit("Inside", db.session.scalar(select(Unit.id).limit(1)))
    db.session.get_one(Team, db.session.scalar(select(func.max(Team.id)))).unit_id = inside.id
    fill(cast, draw, at)
    teams, units, told = list(db.session.scalars(select(Team.id))), list(db.session.scalars(select(Unit.id))), 0
    for _round in range(40):
        days = sorted(local_date(moment(draw, at), "Europe/Istanbul") for _end in range(2))
        filters = Filters(
            team=draw.choice((None, *teams)),
            unit=draw.choice((None, *units)),
            module=draw.choice((None, None, "greeting", "no_such_module")),
            since=draw.choice((None, days[0])),
            until=draw.choice((None, days[1])),
            left=draw.random() < 0.5,
        )
        asked = Asked(viewer_named(draw.choice(("ela", "ela", "chloe", "hana", "dev"))), filters, at)
        found = months(asked)
        nothing = [one for one in found if one == Month(one.month)]
        assert [one for one in found if one not in nothing] == row_by_row(asked), (asked.who.username, filters)
        told += sum(one.people + one.tries + one.contacts + one.held for one in found)
    assert told > 0


def test_however_many_people_there_are_a_handful_of_statements_counts_them(cast, at, counting):
    fill(cast, random.Random(1), at)
    asked = Asked(viewer_named("ela"), Filters(), at)
    plans.training()
    counting.clear()
    assert months(asked)
    assert len(counting) == 8


def test_figures_and_pictures_of_a_file_are_counted_in_the_same_statements(cast, at, counting):
    fill(cast, random.Random(1), at)
    asked = Asked(viewer_named("ela"), Filters(), at)
    plans.training()
    counting.clear()
    figures, pictures = kinds["progress"].drawn(asked)
    assert len(counting) == 8
    assert [one.words for one in figures] == [one.words for one in kinds["progress"].measured(asked)]
    assert len(pictures) == 3


def test_the_month_that_runs_is_told_as_one_that_runs_and_drawn_apart(cast, app, at):
    for back in range(4):
        moment_ = at - timedelta(days=31 * back)
        db.session.add(PartDone(person_id=cast.beth, module_key="greeting", part=f"lesson/{back}", first_at=moment_, last_at=moment_))
    db.session.commit()
    report, asked = kinds["progress"], Asked(viewer_named("ela"), Filters(), at)
    words = [report.columns(asked)[0].read(report.row(fact, asked)[0]) for fact in report.facts(asked)]
    day = local_date(at, "Europe/Istanbul")
    assert words[-1].endswith(f"so far (up to {date_words(day, 'd MMMM')})")
    assert not any("so far" in one for one in words[:-1])
    hours = report.drawn(asked)[1][0]
    assert hours.rows[-1][0] == words[-1] and "still runs" in hours.note
    assert len(hours.more["dots"]) == 3 and hours.more["running"]["line"] and len(hours.more["marks"]) == 4
    # A month that is over, and one that was asked for only in part and is over, are no running months.
    ended = Asked(asked.who, Filters(until=day.replace(day=1) - timedelta(days=1)), at)
    assert "still runs" not in report.drawn(ended)[1][0].note
    cut = Asked(asked.who, Filters(until=day.replace(day=1)), at)
    assert (counted_to(ended), counted_to(cut), counted_to(asked)) == (None, day.replace(day=1), day)
    with app.test_request_context():
        picture = str(get_template_attribute("reports/pictures.html", "picture")(hours))
    assert "so far (up to" in picture and picture.count('class="curve-dot" stroke-dasharray') == 1
