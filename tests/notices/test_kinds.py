"""Each kind of message: when it comes, to whom, what it says in both languages, where it leads, and when it stops."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import url_for
from sqlalchemy import insert, select, update

from tests.house.world import service_words
from tests.notices.conftest import ledger, tell
from trainee import coaching, expectations, notices, plans
from trainee.coaching import sessions
from trainee.coaching.observations import acknowledge
from trainee.coaching.observations.models import Observation
from trainee.expectations.models import ExpectationAnswer
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.modules.lessons.models import LessonProgress, TaskReport
from trainee.modules.library import module_or_404
from trainee.modules.reviews.drawing import ITEMS
from trainee.modules.reviews.models import ReviewCard
from trainee.notices.actions import wish
from trainee.notices.models import NOTICE
from trainee.notices.queries import said
from trainee.people import Person, Team
from trainee.plans.models import ASSIGNMENT, CERTIFICATE, CERTIFICATION
from trainee.service import model
from trainee.service.models import PolicyCard
from trainee.service.roster import actions as roster

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def seen(cast, at):
    """Chloe saw Amir at work; the observation's id."""

    def see(receipt="seen", when=at, **more):
        line = [coaching.Line("empathy", 3, "")]
        made = coaching.observe(
            observer_id=cast.chloe, person_id=cast.amir, seen_at=when, channel="phone", lines=line, shared="", receipt=receipt, at=when, **more
        )
        db.session.commit()
        return made

    return see


def live(first: datetime, days: int, step: timedelta = 3 * HOUR) -> None:
    moment = first
    while moment < first + days * DAY:
        tell(moment)
        moment += step


def _expected(whom, by, at):
    terms = expectations.Terms("empathy", 3, at.date(), why="Customers ask.", ways=("observation",), rhythm="monthly", audience="nobody")
    return expectations.issue(expectations.Scope("person", whom), terms, by_id=by, at=at)


def told(rule, person=None):
    return [(row.person_id, row.settled_at.date().isoformat()) for row in ledger(rule, person=person) if row.state == "sent"]


def test_every_kind_says_when_it_comes_and_when_it_stops_in_both_languages(app):
    wanted = {"assignment_given", "due_soon", "due_today", "overdue", "overdue_above", "recertify", "expectation_to_acknowledge"}
    wanted |= {"observation_to_read", "dispute_to_decide", "session_tomorrow", "agreement_follow_up", "suggestion_unanswered", "card_review"}
    wanted |= {"daily_practice", "how_did_it_go", "team_week", "company_month", "undelivered", "report_file", "privacy_notice", "report_sent"}
    wanted |= {"service_model", "roster_gap", "concern_to_see_to", "measure_moved", "service_model_review", "remedy_to_approve"}
    wanted |= {"complaint_held", "line_missing", "observation_asked"}
    assert set(notices.kinds.keys()) == wanted
    for kind in notices.kinds:
        words = []
        for lang in ("en", "tr"):
            with force_locale(lang):
                words += [str(kind.title), str(kind.timing), str(kind.stops)]
        assert len(set(words)) == 6 or lang == "en", kind.key
        assert min(map(len, words)) > 5, kind.key
        assert kind.usual in kind.choices


def test_an_observation_is_told_and_again_before_the_time_for_disagreeing_is_over(since, cast, at, seen):
    seen()
    live(at, 10)
    # Five working days: until Wednesday 18 March.
    assert told("observation_to_read") == [(cast.amir, "2026-03-12"), (cast.amir, "2026-03-17")]


def test_who_has_read_it_is_not_told(since, cast, at, seen):
    made = seen()
    tell(at)
    acknowledge(db.session.get_one(Observation, made), at)
    db.session.commit()
    live(at, 10)
    assert told("observation_to_read") == []
    assert [row.why for row in ledger("observation_to_read")] == ["stopped"]


def test_it_is_written_down_in_the_transaction_of_the_deed_itself(since, cast, at, seen, gives):
    made = seen()
    gives(cast.amir, due_on=date(2026, 4, 1))
    assert [(row.rule, row.person_id) for row in ledger()] == [("observation_to_read", cast.amir), ("assignment_given", cast.amir)]
    before = {row.id for row in ledger()}
    coaching.dispute(db.session.get_one(Observation, made), "empathy", "The line broke.", at + HOUR)
    coaching.suggest(author_id=cast.amir, title="A seat", problem="P", idea="I", receipt="s", at=at)
    one = _expected(cast.amir, cast.chloe, at)
    expectations.object_to(one, cast.amir, "Why me?", "o", at)
    expectations.reply_to(db.session.scalar(select(ExpectationAnswer.id)), words="For these customers.", by_id=cast.chloe, at=at)
    rule = plans.Terms("Start", plans.Task("module", "listening"), "Because.", due_days=9, team_id=db.session.get_one(Person, cast.beth).team_id)
    number = plans.make_rule(rule, author_id=cast.ela, receipt="r", at=at)
    plans.begin_rule(plans.rule(number), "today", at, cast.ela)
    found = [(row.rule, row.person_id, row.occasion) for row in db.session.execute(select(NOTICE).order_by(NOTICE.c.id)) if row.id not in before]
    team = [("assignment_given", who, "given") for who in (cast.amir, cast.beth, cast.chloe)]
    answered = f"answer/{db.session.scalar(select(ExpectationAnswer.id))}+0"
    asked = [("expectation_to_acknowledge", cast.amir, which) for which in ("issued+0", answered)]
    first = [("dispute_to_decide", cast.hana, "asked"), ("suggestion_unanswered", cast.chloe, "asked")]
    # Whom a rule reaches is written down in one statement, in whatever order the database takes.
    assert [*found[:4], *sorted(found[4:])] == [*first, *asked, *team]
    db.session.rollback()
    assert {row.id for row in ledger()} == before


def test_a_deed_before_the_first_run_begins_no_rule(app, cast, seen):
    seen()
    assert ledger() == []
    assert db.session.scalars(select(notices.NoticeRule.rule)).all() == []


def test_a_dispute_is_put_to_who_did_not_score_and_climbs(since, cast, at, seen):
    made = seen()
    coaching.dispute(db.session.get_one(Observation, made), "empathy", "The line broke.", at + HOUR)
    db.session.commit()
    live(at + HOUR, 16)
    # Chloe scored it, so Hana above her is asked, and once more before her five working days are over; then HR, since nobody is left above.
    assert told("dispute_to_decide", cast.hana) == [(cast.hana, "2026-03-12"), (cast.hana, "2026-03-17")]
    assert told("dispute_to_decide", cast.ela) == [(cast.ela, "2026-03-19")]


def test_a_session_is_told_to_both_sides_on_the_working_day_before(since, cast, at, seen):
    seen()
    monday = datetime(2026, 3, 16, 11, 0, tzinfo=UTC)
    sessions.arrange(coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=monday, receipt="r", at=at)
    db.session.commit()
    live(at, 8)
    assert told("session_tomorrow") == [(cast.amir, "2026-03-13"), (cast.chloe, "2026-03-13")]


def test_a_session_that_is_moved_is_told_for_its_new_day_alone(since, cast, at, seen):
    seen()
    made = sessions.arrange(coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=at + 2 * DAY, receipt="r", at=at)
    db.session.commit()
    tell(at)
    sessions.move(db.session.get_one(sessions.CoachingSession, made), by_id=cast.chloe, to=at + 6 * DAY, reason="A shift.", at=at)
    db.session.commit()
    live(at, 8)
    assert told("session_tomorrow", cast.amir) == [(cast.amir, "2026-03-16")]


def test_what_was_agreed_is_told_on_its_day_to_both_sides(since, cast, at, seen):
    seen()
    made = sessions.arrange(coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=at + HOUR, receipt="r", at=at)
    talk = db.session.get_one(sessions.CoachingSession, made)
    days = {"action_by": date(2026, 3, 17), "follow_up_on": date(2026, 3, 25)}
    sessions.agree(talk, by_id=cast.chloe, seen="She was cut short.", action="Let them finish.", at=at + 2 * HOUR, **days)
    db.session.commit()
    live(at + 2 * HOUR, 18)
    assert told("agreement_follow_up") == [(cast.amir, "2026-03-17"), (cast.chloe, "2026-03-25")]


def test_a_suggestion_is_told_when_it_is_put_before_its_date_and_climbs_after_it(since, cast, at):
    coaching.suggest(author_id=cast.amir, title="A seat", problem="P", idea="I", receipt="s", at=at)
    db.session.commit()
    live(at, 12)
    assert told("suggestion_unanswered", cast.chloe) == [(cast.chloe, "2026-03-12"), (cast.chloe, "2026-03-17"), (cast.chloe, "2026-03-19")]
    assert told("suggestion_unanswered", cast.hana) == [(cast.hana, "2026-03-19")]


def test_an_expectation_is_told_twice_until_it_is_read(since, cast, at):
    made = _expected(cast.amir, cast.chloe, at)
    db.session.commit()
    live(at, 12)
    assert told("expectation_to_acknowledge") == [(cast.amir, "2026-03-12"), (cast.amir, "2026-03-17")]
    expectations.acknowledge(made, cast.amir, at)
    db.session.commit()
    live(at + 12 * DAY, 3)
    assert len(told("expectation_to_acknowledge")) == 2


def test_a_card_past_its_review_is_told_to_trainers_hr_and_whoever_leads_a_team(since, cast, at):
    db.session.execute(update(PolicyCard).values(review_by=date(2027, 1, 1)))
    first = db.session.scalars(select(PolicyCard.key).order_by(PolicyCard.key)).first()
    db.session.execute(update(PolicyCard).where(PolicyCard.key == first).values(review_by=date(2026, 3, 13)))
    db.session.commit()
    live(at, 8)
    led = db.session.scalars(select(Team.supervisor_id).where(Team.supervisor_id.is_not(None)).distinct()).all()
    assert cast.chloe in led and cast.amir not in led
    assert sorted(told("card_review")) == sorted((who, "2026-03-16") for who in {cast.ela, cast.ferit, *led})


def test_that_the_service_model_is_to_be_looked_at_again_is_told_to_every_manager_until_a_new_version_has_a_later_day(since, cast, at):
    model.write(service_words() | {"review_by": "2026-03-13"}, revision=0, at=at, by_id=cast.ela)
    touchpoint = {"name": {"tr": "a", "en": "a"}, "stage": "arrive", "channel": "shop", "owner": {"tr": "a", "en": "a"}}
    number = model.publish([touchpoint | {"quality": "empathy", "score": 3, "priority": "high"}], at=at, by_id=cast.ela)
    for who in (cast.chloe, cast.ela, cast.ferit, cast.amir):
        model.acknowledge(who, number, at=at)
    db.session.commit()
    live(at, 8)
    reached = {person for person, day in told("service_model_review") if day == "2026-03-16"}
    assert {cast.chloe, cast.dev, cast.ela, cast.ferit} <= reached and cast.amir not in reached and cast.beth not in reached
    assert len(told("service_model_review")) == len(reached)
    (entry, *_rest) = ledger("service_model_review", person=cast.chloe)
    with force_locale("en"):
        assert "was to be looked at again by" in said([entry], "Europe/Istanbul")[0].sentence


def test_a_gap_of_the_roster_is_told_a_week_ahead_to_whoever_makes_it_until_it_is_filled(since, cast, at):
    zone = ZoneInfo("Europe/Istanbul")
    shift = {"area": "Centre", "phone": "0222 000 00 01", "at": at, "by_id": cast.ela}
    for who, rank, until in ((cast.chloe, 1, 24), (cast.dev, 2, 22)):
        roster.add_shift(person_id=who, rank=rank, starts_at=at, ends_at=datetime(2026, 3, until, tzinfo=zone), **shift)
    db.session.commit()
    # From Sunday the 22nd on nobody backs her up; from the Tuesday after it nobody is there at all, which belongs to another week.
    live(at, 3, 6 * HOUR)
    assert told("roster_gap") == []
    live(at + 3 * DAY, 3, 6 * HOUR)
    assert sorted(told("roster_gap")) == sorted((who, "2026-03-16") for who in (cast.ada, cast.ela) for _week in (1, 2))
    assert [row.reason["nobody"] for row in ledger("roster_gap", person=cast.ela)] == [False, False]
    for who, rank, first in ((cast.dev, 2, 22), (cast.chloe, 1, 24)):
        begins = datetime(2026, 3, first, tzinfo=zone)
        roster.add_shift(person_id=who, rank=rank, starts_at=begins, ends_at=begins + 10 * DAY, **shift)
    db.session.commit()
    live(at + 6 * DAY, 3, 6 * HOUR)
    assert len(told("roster_gap")) == 4


def test_practice_is_told_to_who_asked_for_it_on_working_days(since, cast, at):
    card = {"stability": 1.0, "difficulty": 5.0, "last_on": date(2026, 3, 1), "surely_wrong": False, "skill_key": "empathy"}
    for who in (cast.amir, cast.beth):
        rows = [{"person_id": who, "item": f"greeting/quiz/{number}", "due_on": date(2026, 3, 1), **card} for number in range(7)]
        db.session.execute(insert(ReviewCard), rows)
    wish(cast.amir, mails=True, opens=8, closes=19, days="12345", frequencies={"daily_practice": "daily"}, at=at)
    db.session.commit()
    live(at, 6)
    assert told("daily_practice") == [(cast.amir, f"2026-03-{day}") for day in (12, 13, 16, 17)]
    assert {row.reason["many"] for row in ledger("daily_practice")} == {ITEMS}


def test_two_working_days_after_a_lesson_she_is_asked_how_it_went(since, cast, at):
    lesson = module_or_404("greeting")[1].lessons[0].key
    friday = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
    row = {"person_id": cast.amir, "module_key": "greeting", "lesson_key": lesson, "paragraph": 1, "started_at": friday, "seen_at": friday}
    db.session.execute(insert(LessonProgress).values(**row, finished_at=friday))
    db.session.commit()
    live(at, 9)
    assert told("how_did_it_go") == [(cast.amir, "2026-03-17")]


def test_who_has_told_is_not_asked(since, cast, at):
    lesson = module_or_404("greeting")[1].lessons[0].key
    same = {"person_id": cast.amir, "module_key": "greeting", "lesson_key": lesson}
    db.session.execute(insert(LessonProgress).values(**same, paragraph=1, started_at=at, seen_at=at, finished_at=at))
    db.session.execute(insert(TaskReport).values(**same, how="well", words="", told_at=at + HOUR))
    db.session.commit()
    live(at, 9)
    assert ledger("how_did_it_go") == []


def test_a_certificate_is_told_when_its_window_opens_and_before_it_ends(since, cast, at):
    asked = {"person_id": cast.amir, "kind": "module", "what": "greeting", "why": "Once a year.", "accepts_earlier": False, "short": False}
    what = {"title": "Greeting", "kind": "module", "what": "greeting", "months": 12, "window_days": 60, "short": False, "made_by_id": cast.ela}
    number = db.session.execute(insert(CERTIFICATION).values(**what, made_at=at, receipt="c").returning(CERTIFICATION.c.id)).scalar_one()
    first, _second = (
        db.session.execute(insert(ASSIGNMENT).values(**asked, given_at=moment, certification_id=number).returning(ASSIGNMENT.c.id)).scalar_one()
        for moment in (at - 300 * DAY, at)
    )
    paper = {"number": "1", "person_id": cast.amir, "certification_id": number, "assignment_id": first, "name": "A", "title": "Greeting"}
    paper |= {"organisation": "M", "parts": [], "way": "full", "completed_on": date(2025, 5, 1), "issued_at": at - 300 * DAY, "digest": "d"}
    db.session.execute(insert(CERTIFICATE).values(**paper, valid_until=date(2026, 5, 11)))
    db.session.commit()
    live(at, 60, 6 * HOUR)
    # The window opens on Thursday 12 March; 30 days before its end is Saturday 11 April, so Friday; 7 days before it is Monday 4 May.
    assert told("recertify") == [(cast.amir, day) for day in ("2026-03-12", "2026-04-10", "2026-05-04")]
    assert told("assignment_given") == []


def test_supervisors_have_their_week_and_hr_its_month(since, cast, at, gives):
    db.session.execute(update(Person).values(created_at=at - 400 * DAY))
    gives(cast.amir, due_on=date(2026, 3, 20))
    live(at, 25, 6 * HOUR)
    assert told("team_week", cast.chloe) == [(cast.chloe, day) for day in ("2026-03-11", "2026-03-16", "2026-03-23", "2026-03-30")]
    weeks = [row.reason for row in ledger("team_week", person=cast.chloe) if row.state == "sent"]
    assert [(week["people"], week["late"]) for week in weeks] == [(2, 0), (2, 0), (2, 1), (2, 1)]
    assert told("company_month") == [(cast.ela, "2026-03-11"), (cast.ela, "2026-04-01")]
    assert told("team_week", cast.iris) == told("team_week", cast.kai) == []


def test_a_day_on_call_is_a_working_day(since, cast, at, gives):
    saturday = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
    roster.add_shift(
        person_id=cast.amir, area="Shops", rank=1, phone="0222 000 00 00", starts_at=saturday, ends_at=saturday + 8 * HOUR, at=at, by_id=cast.ada
    )
    for who in (cast.amir, cast.beth):
        gives(who, at=at + 2 * DAY + 8 * HOUR, due_on=date(2026, 4, 10))
    live(at + 2 * DAY + 9 * HOUR, 4)
    assert told("assignment_given") == [(cast.amir, "2026-03-14"), (cast.beth, "2026-03-16")]


def test_everything_that_was_told_has_a_sentence_in_both_languages_and_leads_to_a_page(since, app, cast, at, seen, gives, as_):
    seen()
    gives(cast.amir, due_on=date(2026, 3, 12))
    gives(cast.amir, "empathy", given_by_id=None)
    sessions.arrange(coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=at + 2 * DAY, receipt="r", at=at)
    coaching.suggest(author_id=cast.amir, title="A seat", problem="P", idea="I", receipt="s", at=at)
    live(at, 20, 6 * HOUR)
    rows = ledger()
    assert {row.rule for row in rows} >= {"observation_to_read", "overdue", "overdue_above", "session_tomorrow", "suggestion_unanswered", "team_week"}
    with force_locale("en"):
        english = [one.sentence for one in said(rows, "Europe/Istanbul")]
    with force_locale("tr"):
        turkish = [one.sentence for one in said(rows, "Europe/Istanbul")]
    for row, one, other in zip(rows, english, turkish, strict=True):
        assert "%(" not in one + other, row.rule
        assert "—" not in one, (row.rule, one)
        endpoint, values = notices.kinds[row.rule].place(row.reason)
        with app.test_request_context():
            address = url_for(endpoint, **values)
        assert as_(row.person_id).get(address).status_code in {200, 303}, (row.rule, address)
