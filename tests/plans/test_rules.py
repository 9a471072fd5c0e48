"""Rules: whom they reach, what joining brings and leaving ends, and that nothing is given twice or erased."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from trainee import plans
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.i18n import force_locale
from trainee.people import actions as people
from trainee.people.models import Person, Team
from trainee.people.queries import Viewer
from trainee.plans import Assignment, Task
from trainee.plans.models import AssignmentRule
from trainee.plans.ruling import Terms, apply_rules, begin_rule, end_rule, make_rule, preview, rule_or_404, rules_of

ISTANBUL = ZoneInfo("Europe/Istanbul")


@pytest.fixture(autouse=True)
def _in_english(app):
    with force_locale("en"):
        yield


@pytest.fixture
def teams(app) -> dict[str, int]:
    return {row.name: row.id for row in db.session.execute(select(Team.id, Team.name))}


@pytest.fixture
def rule(cast, at):
    """A rule of HR's for the greeting module, switched on a day after everybody was entered."""

    def write(by: int | None = None, on: datetime | None = None, existing: str = "leave", **terms) -> AssignmentRule:
        known = {"title": "Who joins greets", "task": Task("module", "greeting"), "why": "Everybody begins with it.", "due_days": 14} | terms
        made = make_rule(Terms(**known), author_id=by or cast.ela, receipt=f"rule {sorted(map(str, terms.items()))} {by}", at=at)
        found = db.session.get_one(AssignmentRule, made)
        begin_rule(found, existing, on or at + timedelta(days=1), by or cast.ela)
        return found

    return write


@pytest.fixture
def hired(at):
    """Hire somebody some days after the beginning."""

    def hire(name: str, days: float, team: int | None, **more) -> Person:
        return people.add_person(username=name, name=name, job="adviser", at=at + timedelta(days=days), team_id=team, **more)

    return hire


def given(*whose: int) -> list[Assignment]:
    statement = select(Assignment).order_by(Assignment.id)
    if whose:
        statement = statement.where(Assignment.person_id.in_(whose))
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def viewer(person_id: int, at: datetime, *roles: str) -> Viewer:
    return Viewer(person_id, "Who", "who", frozenset(roles), "en", "UTC", None, None, None, 0, "", at)


def test_joining_a_team_brings_what_its_rule_says_with_a_date_counted_from_that_day(cast, at, rule, hired, teams):
    rule(team_id=teams["Ours"])
    late = hired("nur", 5.6, teams["Ours"])
    hired("oya", 5, teams["Theirs"])
    assert apply_rules(at + timedelta(days=6)).given == 1
    [one] = given()
    # At 23:24 UTC it was the next day already where she works.
    assert (one.person_id, one.given_at, one.due_on) == (late.id, at + timedelta(days=5.6), date(2026, 3, 31))
    assert (one.why, one.what, one.occasion.split("/")[0]) == ("Everybody begins with it.", "greeting", "stay")


def test_her_own_time_zone_counts(cast, at, rule, hired, teams):
    rule(team_id=teams["Ours"])
    hired("nur", 5.6, teams["Ours"], time_zone="America/New_York")
    apply_rules(at + timedelta(days=6))
    assert given()[0].due_on == date(2026, 3, 30)


def test_a_fixed_date_is_the_same_for_all(cast, at, rule, hired, teams):
    rule(team_id=teams["Ours"], due_days=None, due_on=date(2026, 5, 1))
    hired("nur", 5, teams["Ours"])
    apply_rules(at + timedelta(days=6))
    assert given()[0].due_on == date(2026, 5, 1)


def test_applied_again_and_by_several_it_gives_once(cast, at, rule, hired, teams):
    rule(team_id=teams["Ours"])
    nur = hired("nur", 5, teams["Ours"])
    for hours in range(3):
        apply_rules(at + timedelta(days=6, hours=hours))
        apply_rules(at + timedelta(days=6, hours=hours), [nur.id])
    assert len(given()) == 1


def test_a_unit_holds_the_teams_of_the_units_inside_it(cast, at, rule, hired):
    centre = people.make_unit("Centre")
    phone = people.make_team("Phone", people.make_unit("Calls", centre.id).id)
    rule(unit_id=centre.id)
    nur, oya = hired("nur", 5, phone.id), hired("oya", 5, None)
    apply_rules(at + timedelta(days=6))
    assert [one.person_id for one in given()] == [nur.id]
    assert oya.id


def test_moving_between_two_teams_of_the_unit_changes_nothing(cast, at, rule, hired):
    centre = people.make_unit("Centre")
    phone, chat = (people.make_team(name, centre.id) for name in ("Phone", "Chat"))
    rule(unit_id=centre.id)
    nur = hired("nur", 5, phone.id)
    apply_rules(at + timedelta(days=6))
    people.move(nur, chat.id, at + timedelta(days=7))
    assert apply_rules(at + timedelta(days=8)) == plans.Applied(0, 0)
    assert [one.ended_at for one in given()] == [None]


def test_leaving_ends_what_no_longer_applies_and_erases_nothing(cast, at, rule, hired, teams, does, stands):
    rule(team_id=teams["Ours"])
    nur = hired("nur", 5, teams["Ours"])
    apply_rules(at + timedelta(days=6))
    does(nur.id, "greeting", at + timedelta(days=6), "quiz")
    people.move(nur, teams["Theirs"], at + timedelta(days=7))
    assert apply_rules(at + timedelta(days=7)) == plans.Applied(0, 1)
    [one] = given()
    assert (one.ended_how, one.ended_at) == ("left", at + timedelta(days=7))
    people.move(nur, teams["Ours"], at + timedelta(days=9))
    assert apply_rules(at + timedelta(days=9)).given == 1
    assert [one.ended_how for one in given()] == ["left", None]


def test_what_was_complete_when_she_left_stays_done(cast, at, rule, hired, teams, does):
    rule(team_id=teams["Ours"])
    nur = hired("nur", 5, teams["Ours"])
    apply_rules(at + timedelta(days=6))
    does(nur.id, "greeting", at + timedelta(days=6))
    people.move(nur, teams["Theirs"], at + timedelta(days=7))
    assert apply_rules(at + timedelta(days=7)).ended == 0
    assert [one.ended_how for one in given()] == ["done"]


def test_an_excuse_and_a_withdrawal_hold_however_often_it_runs(cast, at, rule, hired, teams):
    rule(team_id=teams["Ours"])
    nur, oya = hired("nur", 5, teams["Ours"]), hired("oya", 5, teams["Ours"])
    apply_rules(at + timedelta(days=6))
    first, second = given()
    plans.excuse(first.id, "On leave.", at + timedelta(days=6), cast.ela)
    plans.withdraw(second.id, "Not hers.", at + timedelta(days=6), cast.ela)
    assert apply_rules(at + timedelta(days=7)) == plans.Applied(0, 0)
    assert {nur.id, oya.id} == {one.person_id for one in given()}


def test_a_closed_account_gets_nothing_and_what_it_had_ends_until_it_is_opened(cast, at, rule, hired, teams):
    rule(team_id=teams["Ours"])
    nur = hired("nur", 5, teams["Ours"])
    apply_rules(at + timedelta(days=6))
    people.disable(nur, at + timedelta(days=7), cast.ela)
    assert apply_rules(at + timedelta(days=7)).ended == 1
    people.enable(nur, at + timedelta(days=30), cast.ela)
    apply_rules(at + timedelta(days=30))
    first, again = given()
    assert (first.occasion + "/2", again.given_at, again.due_on) == (again.occasion, at + timedelta(days=30), date(2026, 4, 24))


@pytest.mark.parametrize(
    ("existing", "many", "given_at", "due"),
    [
        ("leave", 0, None, None),
        ("today", 3, datetime(2026, 3, 12, 9, tzinfo=ZoneInfo("UTC")), date(2026, 3, 26)),
        ("backdated", 3, datetime(2026, 3, 11, tzinfo=ISTANBUL), date(2026, 3, 25)),
    ],
)
def test_who_was_here_before_is_left_out_or_given_from_today_or_from_when_she_joined(cast, at, rule, teams, existing, many, given_at, due):
    rule(team_id=teams["Ours"], existing=existing)
    rows = given()
    assert len(rows) == many
    assert {(one.given_at, one.due_on) for one in rows} == ({(given_at, due)} if many else set())
    assert {one.person_id for one in rows} == ({cast.amir, cast.beth, cast.chloe} if many else set())


def test_what_counts_from_the_first_day_is_listed_as_given_when_the_rule_gave_it(cast, at, rule, hired, teams):
    rule(team_id=teams["Ours"], existing="backdated")
    entered = hired("nur", 5, teams["Ours"], hired_on=date(2025, 4, 6))
    apply_rules(at + timedelta(days=6))
    told = {one.open.person_id: one.open for one in plans.listed(Assignment.person_id.in_((cast.amir, entered.id)), at.date())}
    # From her first day on work counts, and the days until it is due.
    assert [(one.given_at.date(), one.due_on) for one in given(entered.id)] == [(date(2025, 4, 5), date(2025, 4, 20))]
    assert {person_id: one.given_at for person_id, one in told.items()} == {
        cast.amir: at + timedelta(days=1),
        entered.id: at + timedelta(days=5),
    }


def test_who_is_imported_later_and_was_hired_long_ago_was_here_before(cast, at, rule, hired, teams):
    rule(team_id=teams["Ours"])
    hired("nur", 5, teams["Ours"], hired_on=date(2019, 5, 1))
    assert apply_rules(at + timedelta(days=6)).given == 0
    new = hired("oya", 5, teams["Ours"], hired_on=date(2026, 3, 20))
    apply_rules(at + timedelta(days=6))
    assert [(one.person_id, one.due_on) for one in given()] == [(new.id, date(2026, 4, 3))]


def test_a_job_and_a_day_of_joining_narrow_a_rule(cast, at, rule, hired, teams):
    rule(job="Adviser", joined_from=date(2026, 3, 15))
    hired("nur", 2, None)
    new = hired("oya", 6, None)
    other = hired("pia", 6, None)
    other.job = "driver"
    apply_rules(at + timedelta(days=7))
    assert [one.person_id for one in given()] == [new.id]


def test_who_has_it_to_do_already_is_not_asked_twice(cast, at, rule, teams):
    plans.assign(cast.amir, "greeting", at=at, given_by_id=cast.chloe, why="I asked before.")
    rule(team_id=teams["Ours"], existing="today")
    assert [one.why for one in given(cast.amir)] == ["I asked before."]
    assert len(given(cast.beth)) == 1


def test_of_two_rules_for_the_same_only_one_asks_and_the_other_when_the_first_ends(cast, at, rule, hired, teams):
    rule(team_id=teams["Ours"])
    rule(job="adviser")
    nur = hired("nur", 5, teams["Ours"])
    apply_rules(at + timedelta(days=6))
    apply_rules(at + timedelta(days=6))
    assert len(given()) == 1
    people.move(nur, teams["Theirs"], at + timedelta(days=7))
    apply_rules(at + timedelta(days=7))
    assert [one.ended_how for one in given()] == ["left", None]


def test_a_supervisor_writes_rules_for_teams_she_leads_and_no_others(cast, at, rule, teams):
    for by in (cast.chloe, cast.hana):
        assert not rule(by=by, team_id=teams["Ours"]).wide
    # Dev leads another team, Iris has a dotted line to Amir alone, Kai supervised him before, and a rule without a team is HR's.
    for by in (cast.dev, cast.iris, cast.kai, cast.amir):
        with pytest.raises(Forbidden):
            rule(by=by, team_id=teams["Ours"])
    with pytest.raises(Forbidden):
        rule(by=cast.chloe)
    assert rule(by=cast.ela).wide


def test_a_supervisors_rule_reaches_her_own_line_alone(cast, at, rule, hired, teams, person):
    rule(by=cast.chloe, team_id=teams["Ours"], existing="today")
    assert {one.person_id for one in given()} == {cast.amir, cast.beth}
    stranger = hired("nur", 3, teams["Ours"])
    people.supervise(stranger, person(cast.dev), at + timedelta(days=3))
    apply_rules(at + timedelta(days=4))
    assert given(stranger.id) == []
    people.supervise(stranger, person(cast.chloe), at + timedelta(days=5))
    apply_rules(at + timedelta(days=6))
    assert len(given(stranger.id)) == 1


def test_when_she_leaves_her_rule_goes_on_for_who_leads_the_team_now(cast, at, rule, hired, teams, person):
    made = rule(by=cast.chloe, team_id=teams["Ours"], existing="today")
    people.disable(person(cast.chloe), at + timedelta(days=3), cast.ela)
    for who in (cast.amir, cast.beth):
        people.supervise(person(who), person(cast.dev), at + timedelta(days=3))
    assert apply_rules(at + timedelta(days=4)) == plans.Applied(0, 0)
    assert {one.ended_at for one in given()} == {None}
    new = hired("nur", 5, teams["Ours"])
    people.supervise(new, person(cast.dev), at + timedelta(days=5))
    assert apply_rules(at + timedelta(days=5)).given == 1
    assert rule_or_404(made.id, viewer(cast.dev, at, "supervisor")) is made
    with pytest.raises(NotFound):
        rule_or_404(made.id, viewer(cast.chloe, at, "supervisor"))


def test_who_may_know_of_a_rule(cast, at, rule, teams):
    ours, everybodys = rule(by=cast.chloe, team_id=teams["Ours"]), rule(job="adviser")
    seen = {who: [row.id for row in rules_of(viewer(getattr(cast, who), at, role))] for who, role in WHO}
    assert seen == {"chloe": [ours.id], "hana": [ours.id], "dev": [], "kai": [], "iris": [], "ela": [ours.id, everybodys.id]}


WHO = (("chloe", "supervisor"), ("hana", "supervisor"), ("dev", "supervisor"), ("kai", "supervisor"), ("iris", "supervisor"), ("ela", "hr"))


def test_a_preview_tells_and_writes_nothing(cast, at, rule, teams):
    plans.assign(cast.amir, "greeting", at=at, given_by_id=cast.chloe, why="I asked before.")
    known = Terms("Who joins", Task("module", "greeting"), "Because.", team_id=teams["Ours"], due_days=7)
    draft = db.session.get_one(AssignmentRule, make_rule(known, author_id=cast.ela, receipt="once", at=at))
    seen = preview(draft, "today", at + timedelta(days=2))
    assert ({one["person_id"] for one in seen.rows}, seen.having, seen.passed) == ({cast.beth, cast.chloe}, 1, 0)
    left = preview(draft, "leave", at + timedelta(days=2))
    assert (left.rows, left.passed) == ([], 3)
    assert len(given()) == 1
    assert apply_rules(at + timedelta(days=2)) == plans.Applied(0, 0)


def test_the_same_form_sent_twice_writes_one_rule_and_switching_on_twice_gives_once(cast, at, rule, teams):
    first = rule(team_id=teams["Ours"], existing="today")
    again = rule(team_id=teams["Ours"], existing="backdated")
    assert first is again
    assert (again.existing, len(given())) == ("today", 3)


@pytest.mark.parametrize("take_back", [False, True])
def test_an_ended_rule_gives_nothing_more_and_takes_back_what_is_open_when_asked(cast, at, rule, hired, teams, does, take_back):
    made = rule(team_id=teams["Ours"], existing="today")
    does(cast.amir, "greeting", at + timedelta(days=2))
    assert end_rule(made, take_back, at + timedelta(days=3), cast.ela) == (2 if take_back else 0)
    hired("nur", 5, teams["Ours"])
    assert apply_rules(at + timedelta(days=6)) == plans.Applied(0, 0)
    ends = {one.person_id: one.ended_how for one in given()}
    assert ends == ({cast.amir: "done", cast.beth: "withdrawn", cast.chloe: "withdrawn"} if take_back else dict.fromkeys(ends))
    with pytest.raises(Refusal):
        begin_rule(made, "today", at + timedelta(days=7), cast.ela)


@pytest.mark.parametrize("terms", [{"title": " "}, {"why": " "}, {"due_days": -1}, {"due_days": 999}, {"due_on": date(2026, 5, 5)}])
def test_a_rule_that_makes_no_sense_is_refused(cast, at, rule, terms):
    with pytest.raises(Refusal):
        rule(**terms)


def test_three_hundred_take_as_many_statements_as_two(cast, at, rule, hired, teams, counting):
    rule(team_id=teams["Ours"])
    rule(by=cast.chloe, team_id=teams["Ours"], task=Task("module", "empathy"))

    def statements(many: int, day: int) -> int:
        for number in range(many):
            hired(f"new{day}-{number}", day, teams["Ours"])
        db.session.commit()
        counting.clear()
        assert apply_rules(at + timedelta(days=day + 1)).given == many
        db.session.flush()
        return len(counting)

    assert statements(2, 3) == statements(300, 6) <= 20
