"""Certification: cycles beside each other, the short way and the full one, and certificates that prove themselves."""

import io
from datetime import date, datetime, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from trainee import plans
from trainee.kit.clock import months_after
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import force_locale
from trainee.modules.library import module_or_404
from trainee.people import actions as people
from trainee.people.models import Person
from trainee.plans import Assignment, AssignmentRule, Task, Terms
from trainee.plans.certifying import digest_of, is_sound, state_of
from trainee.plans.models import CERTIFICATE, Certificate


@pytest.fixture(autouse=True)
def _in_english(app):
    with force_locale("en"):
        yield


@pytest.fixture
def certified(cast, at, person):
    """Amir's team is to be certified for a module every year, within 60 days before the end; switched on for those who are there."""

    def make(kind: str = "module", what: str = "greeting", short: bool = True, months: int = 12) -> plans.AssignmentRule:
        made = plans.make_certification(
            "Greeting certified", Task(kind, what), months=months, window_days=60, short=short, by_id=cast.ela, receipt="once", at=at
        )
        terms = Terms("Certified", Task(kind, what), "Once a year.", team_id=person(cast.amir).team_id, due_days=30, certification_id=made.id)
        rule = db.session.get_one(AssignmentRule, plans.make_rule(terms, author_id=cast.ela, receipt="rule", at=at))
        plans.begin_rule(rule, "today", at, cast.ela)
        return rule

    return make


def cycles(person_id: int) -> list[Assignment]:
    return list(db.session.scalars(select(Assignment).where(Assignment.person_id == person_id).order_by(Assignment.id)))


def certificates(person_id: int) -> list[Certificate]:
    return list(db.session.scalars(select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.id)))


def test_a_certificate_is_issued_once_for_the_work_of_its_cycle(cast, at, certified, does):
    does(cast.amir, "greeting", at - timedelta(days=9))
    certified()
    assert plans.issue_certificates(at + timedelta(days=1)) == 0
    does(cast.amir, "greeting", at + timedelta(days=10))
    assert plans.issue_certificates(at + timedelta(days=20)) == 1
    assert plans.issue_certificates(at + timedelta(days=21)) == 0
    [one] = certificates(cast.amir)
    assert (one.name, one.title, one.way) == ("Amir Kaya", "Greeting certified", "full")
    assert (one.completed_on, one.valid_until) == (date(2026, 3, 21), date(2027, 3, 21))
    assert one.parts[0][0] == "greeting" and len(one.parts[0][2]) >= 32
    assert one.number == f"2026-{one.assignment_id:06d}"


def test_a_certificate_proves_itself_from_stored_data_alone(cast, at, certified, does, person):
    certified()
    does(cast.amir, "greeting", at + timedelta(days=10))
    plans.issue_certificates(at + timedelta(days=20))
    person(cast.amir).name = "Somebody Else"
    db.session.flush()
    [one] = certificates(cast.amir)
    assert (is_sound(one), one.name) == (True, "Amir Kaya")
    for change in ({"name": "Beth Öğüt"}, {"valid_until": date(2099, 1, 1)}, {"parts": []}, {"number": "2026-9"}):
        fields = {column.name: getattr(one, column.name) for column in CERTIFICATE.c}
        assert digest_of(fields) == one.digest != digest_of(fields | change)
    db.session.execute(update(Certificate).values(valid_until=date(2099, 1, 1)))
    db.session.refresh(one)
    assert not is_sound(one)


@pytest.fixture
def renewing(cast, at, certified, does):
    """Amir was certified on 21 March 2026; it is the day on which his window opens."""
    rule = certified()
    does(cast.amir, "greeting", at + timedelta(days=10))
    plans.issue_certificates(at + timedelta(days=10))
    opens = datetime(2027, 1, 20, 12, tzinfo=at.tzinfo)
    assert plans.apply_rules(opens - timedelta(days=1), [cast.amir]).given == 0
    assert plans.apply_rules(opens, [cast.amir]).given == 1
    assert plans.apply_rules(opens, [cast.amir]).given == 0
    return rule, opens


def test_the_paper_in_english_says_what_is_certified_in_english(cast, at, does):
    """And the Turkish one in Turkish; a name in English is sealed with the rest."""
    told = {"months": 12, "window_days": 60, "short": True, "by_id": cast.ela, "receipt": "once", "at": at}
    made = plans.make_certification("Karşılama belgesi", Task("module", "greeting"), title_en="Certificate of greeting", **told)
    plans.certify([cast.amir], made, at=at, given_by_id=cast.ela, why="Once a year.")
    does(cast.amir, "greeting", at + timedelta(days=10))
    assert plans.issue_certificates(at + timedelta(days=10)) == 1
    [one] = certificates(cast.amir)
    papers = {lang: PdfReader(io.BytesIO(plans.printed(one, "https://x.example/valid/1", lang, ""))).pages[0].extract_text() for lang in ("tr", "en")}
    assert "Karşılama belgesi" in papers["tr"] and "Certificate of greeting" not in papers["tr"]
    assert "Certificate of greeting" in papers["en"] and "Karşılama belgesi" not in papers["en"]
    assert plans.standings(Person.id == cast.amir, at.date())[0].title == "Certificate of greeting"
    assert is_sound(one)
    one.title_en = "Certificate of something else"
    assert not is_sound(one)
    db.session.rollback()


def test_the_next_cycle_opens_with_its_window_and_stands_beside_the_old_one(cast, renewing, stands):
    _rule, opens = renewing
    first, second = cycles(cast.amir)
    assert first.ended_at is None and second.occasion.startswith("after/")
    assert (second.due_on, second.short, second.given_at.date()) == (date(2027, 3, 21), True, date(2027, 1, 19))
    assert [one.progress.completed_at is None for one in stands(cast.amir)] == [False, True]
    assert len(certificates(cast.amir)) == 1
    assert opens > second.given_at


def test_who_passes_the_quiz_first_goes_the_short_way(cast, renewing, does, takes, stands):
    _rule, opens = renewing
    one = stands(cast.amir)[1]
    assert (one.progress.next_part, one.short) == ("quiz", True)
    assert one.progress.total < stands(cast.amir)[0].progress.total
    takes(cast.amir, "greeting", opens + timedelta(days=1), True)
    for story in module_or_404("greeting")[1].stories:
        does(cast.amir, "greeting", opens + timedelta(days=2), f"roleplay/{story.id}")
    assert plans.issue_certificates(opens + timedelta(days=3)) == 1
    first, second = certificates(cast.amir)
    # Renewed in time: the new year follows the old one.
    assert (second.way, second.valid_until, first.valid_until) == ("short", date(2028, 3, 21), date(2027, 3, 21))
    takes(cast.amir, "greeting", opens + timedelta(days=4), False)
    assert stands(cast.amir)[1].progress.completed_at is not None


def test_who_fails_the_quiz_first_goes_the_full_way(cast, renewing, does, takes, stands):
    _rule, opens = renewing
    takes(cast.amir, "greeting", opens + timedelta(days=1), False)
    takes(cast.amir, "greeting", opens + timedelta(days=2), True)
    one = stands(cast.amir)[1]
    assert (one.short, one.progress.done) == (False, 1)
    assert one.progress.next_part.startswith("lesson/")
    does(cast.amir, "greeting", opens + timedelta(days=70))
    plans.issue_certificates(opens + timedelta(days=70))
    second = certificates(cast.amir)[1]
    assert (second.way, second.completed_on, second.valid_until) == ("full", date(2027, 3, 31), date(2028, 3, 31))


def test_the_first_cycle_is_always_full(cast, at, certified, takes, stands):
    certified()
    takes(cast.amir, "greeting", at + timedelta(days=1), True)
    [one] = stands(cast.amir)
    assert (one.short, one.progress.next_part.split("/")[0]) == (False, "lesson")


def test_a_path_is_certified_with_every_module_in_it(cast, at, certified, does):
    certified("path", "back-office", short=False)
    keys = plans.path_of("back-office").modules
    for key in keys:
        assert plans.issue_certificates(at + timedelta(days=5)) == 0
        does(cast.amir, key, at + timedelta(days=3))
    assert plans.issue_certificates(at + timedelta(days=5)) == 1
    assert [part[0] for part in certificates(cast.amir)[0].parts] == list(keys)


def test_in_a_short_cycle_of_a_path_each_module_goes_its_own_way(cast, at, certified, does, takes, stands):
    certified("path", "back-office")
    for key in plans.path_of("back-office").modules:
        does(cast.amir, key, at + timedelta(days=3))
    plans.issue_certificates(at + timedelta(days=3))
    opens = at + timedelta(days=3 + 365 - 59)
    plans.apply_rules(opens, [cast.amir])
    first, second = plans.path_of("back-office").modules[:2]
    takes(cast.amir, first, opens + timedelta(days=1), False)
    steps = {step.module.key: step for step in stands(cast.amir)[1].steps}
    assert steps[first].progress.total > steps[second].progress.total
    assert steps[first].progress.next_part.startswith("lesson/")


def test_who_leaves_keeps_the_certificate_and_is_not_asked_to_renew(cast, renewing, person):
    _rule, opens = renewing
    people.move(person(cast.amir), person(cast.gus).team_id, opens + timedelta(days=1))
    assert plans.apply_rules(opens + timedelta(days=1)).ended == 1
    assert [one.ended_how for one in cycles(cast.amir)] == ["done", "left"]
    assert certificates(cast.amir)[0].withdrawn_at is None


def test_a_withdrawn_certificate_stays_on_record_and_a_full_cycle_opens(cast, at, certified, does):
    certified()
    does(cast.amir, "greeting", at + timedelta(days=10))
    plans.issue_certificates(at + timedelta(days=10))
    [one] = certificates(cast.amir)
    with pytest.raises(Refusal):
        plans.withdraw_certificate(one, " ", at + timedelta(days=40), cast.ela)
    with pytest.raises(Refusal):
        plans.withdraw_certificate(one, "Mine.", at + timedelta(days=40), cast.amir)
    plans.withdraw_certificate(one, "The quiz was taken by somebody else.", at + timedelta(days=40), cast.ela)
    plans.withdraw_certificate(one, "Another reason.", at + timedelta(days=41), cast.ela)
    assert (one.withdrawn_why, is_sound(one)) == ("The quiz was taken by somebody else.", True)
    plans.apply_rules(at + timedelta(days=42), [cast.amir])
    second = cycles(cast.amir)[1]
    assert (second.short, second.given_at, second.due_on) == (False, at + timedelta(days=40), date(2026, 6, 19))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 3, 21), "valid"),
        (date(2027, 1, 19), "valid"),
        (date(2027, 1, 20), "window"),
        (date(2027, 3, 21), "window"),
        (date(2027, 3, 22), "expired"),
    ],
)
def test_a_certificate_is_valid_up_to_its_last_day(day, state):
    assert state_of(date(2027, 3, 21), False, 60, day) == state
    assert state_of(date(2027, 3, 21), True, 60, day) == "withdrawn"


def test_months_end_where_the_month_ends():
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)


def test_everybodys_standing_is_told_the_most_pressing_first(cast, renewing):
    _rule, opens = renewing
    day = opens.date()
    assert [(one.name, one.state, one.cycle is not None) for one in plans.standings(Person.id == cast.amir, day)] == [("Amir Kaya", "window", True)]
    assert [one.state for one in plans.standings(Person.id > 0, day)] == ["window", "begun", "begun"]
    assert plans.standings(Person.id == cast.amir, date(2027, 3, 22))[0].state == "expired"


@pytest.mark.parametrize("values", [{"months": 0}, {"months": 121}, {"window_days": 400}, {"title": " "}, {"task": Task("reviews", "", 3)}])
def test_what_makes_no_sense_is_refused(cast, at, values):
    known = {"title": "Greeting", "task": Task("module", "greeting"), "months": 12, "window_days": 60} | values
    title, task = known.pop("title"), known.pop("task")
    with pytest.raises(Refusal):
        plans.make_certification(title, task, **known, short=True, by_id=cast.ela, receipt="once", at=at)


def test_issuing_takes_as_many_statements_for_many_as_for_few(cast, at, certified, does, person, counting):
    certified()
    team = person(cast.amir).team_id

    def statements(many: int, day: int) -> int:
        for number in range(many):
            new = people.add_person(username=f"n{day}-{number}", name="New", job="adviser", at=at + timedelta(days=day), team_id=team)
            plans.apply_rules(at + timedelta(days=day), [new.id])
            does(new.id, "greeting", at + timedelta(days=day + 1))
        db.session.commit()
        counting.clear()
        assert plans.issue_certificates(at + timedelta(days=day + 2)) == many
        return len(counting) - many

    assert statements(2, 3) == statements(8, 9) <= 6


# Given by hand ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def greeting(cast, at):
    """What is certified, without any rule."""
    return plans.make_certification(
        "Greeting certified", Task("module", "greeting"), months=12, window_days=60, short=True, by_id=cast.ela, receipt="by hand", at=at
    )


def test_a_certification_is_given_to_people_without_a_rule(cast, at, greeting, does):
    everybody = [cast.amir, cast.beth]
    given = {"at": at, "given_by_id": cast.chloe, "why": "You greet at the fair.", "due_on": date(2026, 4, 1)}
    assert plans.certify(everybody, greeting, **given) == (2, 0)
    assert plans.certify(everybody, greeting, **given) == (0, 0)
    assert plans.certify(everybody, greeting, **given | {"at": at + timedelta(hours=1)}) == (0, 2)
    does(cast.amir, "greeting", at + timedelta(days=10))
    assert plans.issue_certificates(at + timedelta(days=10)) == 1
    assert (certificates(cast.amir)[0].title, certificates(cast.beth)) == ("Greeting certified", [])
    # She holds it now, and nobody is asked again for what is not to be renewed yet.
    assert plans.certify([cast.amir], greeting, **given | {"at": at + timedelta(days=20)}) == (0, 1)
    with pytest.raises(Refusal):
        plans.certify([cast.gus], greeting, **given | {"why": " "})


def test_what_was_given_by_hand_renews_with_its_window_once_and_by_the_short_way(cast, at, greeting, does):
    plans.certify([cast.amir], greeting, at=at, given_by_id=cast.chloe, why="You greet at the fair.", accepts_earlier=True)
    does(cast.amir, "greeting", at + timedelta(days=10))
    plans.issue_certificates(at + timedelta(days=10))
    opens = datetime(2027, 1, 20, 12, tzinfo=at.tzinfo)
    assert plans.apply_rules(opens - timedelta(days=2)).given == 0
    assert [plans.apply_rules(opens + timedelta(days=days)).given for days in (0, 0, 3)] == [1, 0, 0]
    _first, second = cycles(cast.amir)
    assert (second.due_on, second.short, second.accepts_earlier, second.given_by_id) == (date(2027, 3, 21), True, False, cast.chloe)
    plans.excuse(second.id, "On leave for a year.", opens, cast.chloe)
    assert plans.apply_rules(opens + timedelta(days=9)).given == 0


def test_a_withdrawn_certificate_renews_by_nobody_but_can_be_asked_for_anew(cast, at, greeting, does):
    plans.certify([cast.amir], greeting, at=at, given_by_id=cast.chloe, why="You greet at the fair.")
    does(cast.amir, "greeting", at + timedelta(days=10))
    plans.issue_certificates(at + timedelta(days=10))
    plans.withdraw_certificate(certificates(cast.amir)[0], "Somebody else sat the quiz.", at + timedelta(days=11), cast.ela)
    assert plans.apply_rules(at + timedelta(days=999)).given == 0
    assert plans.certify([cast.amir], greeting, at=at + timedelta(days=12), given_by_id=cast.chloe, why="Once more.") == (1, 0)
    assert cycles(cast.amir)[1].short is False


def test_the_window_opens_for_whoever_asks_when_it_opens_by_itself(cast, at, greeting, does):
    plans.certify([cast.amir], greeting, at=at, given_by_id=cast.chloe, why="You greet at the fair.")
    does(cast.amir, "greeting", at + timedelta(days=10))
    plans.issue_certificates(at + timedelta(days=10))
    # Her window opens with the twentieth of January in Istanbul, three hours before that day begins in UTC.
    opens = datetime(2027, 1, 19, 21, tzinfo=at.tzinfo)
    again = {"given_by_id": cast.chloe, "why": "Once more."}
    assert plans.certify([cast.amir], greeting, at=opens - timedelta(minutes=1), **again) == (0, 1)
    assert plans.certify([cast.amir], greeting, at=opens, **again) == (1, 0)


def test_a_receipt_of_somebody_else_brings_nothing_of_hers(cast, at, greeting):
    form = {"months": 12, "window_days": 60, "short": True, "receipt": "by hand", "at": at}
    assert plans.make_certification("Greeting once more", Task("module", "greeting"), by_id=cast.ela, **form).id == greeting.id
    with pytest.raises(Refusal, match="used before"):
        plans.make_certification("Greeting once more", Task("module", "greeting"), by_id=cast.ada, **form)
