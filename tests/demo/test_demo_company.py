"""What the demonstration company is made of, and that it can be made again."""

import hashlib
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.demo.conftest import AT
from trainee import demo, expectations, plans
from trainee.cli import cli
from trainee.evidence.models import EVIDENCE
from trainee.kit.clock import local_date
from trainee.kit.db import Base, db
from trainee.kit.errors import Refusal
from trainee.modules.progress.queries import parts_of_many
from trainee.modules.quizzes.models import QuizAttempt
from trainee.modules.roleplays.models import RUN
from trainee.people import Person, ReportingLine, Team, below, passwords
from trainee.people.queries import chain_above, roles_of
from trainee.plans.models import ASSIGNMENT, RULE
from trainee.plans.queries import assignments_of, with_progress

# What everybody learns, whatever their role.
BASIC = "our-service"


def test_there_are_112_people_in_11_teams_and_an_administrator(company: SimpleNamespace) -> None:
    assert company.people == len(company.ids) == 113
    sizes = dict(db.session.execute(select(Team.name, func.count()).join(Person, Person.team_id == Team.id).group_by(Team.name)).all())
    assert sorted(sizes.values()) == [3, 6, 7, 10, 12, 12, 12, 12, 12, 12, 12]


def test_everybodys_line_goes_up_to_the_director(company: SimpleNamespace) -> None:
    selim = company.ids["selim"]
    assert len(list(db.session.execute(below(selim)))) == len(company.ids) - 1
    assert [name for _id, name in chain_above(company.ids["kerem"])] == ["Aylin Irmak", "Selim Ünal"]


def test_dotted_lines_lead_to_a_trainer_and_to_the_deputies_of_the_shops(company: SimpleNamespace) -> None:
    dotted = db.session.execute(select(ReportingLine.person_id, ReportingLine.supervisor_id).where(ReportingLine.kind == "dotted")).all()
    assert (company.ids["zeynep"], company.ids["defne"]) in {tuple(row) for row in dotted}
    jobs = dict(db.session.execute(select(Person.id, Person.job)).all())
    deputies = {above for below, above in dotted if below != company.ids["zeynep"]}
    assert {jobs[above] for above in deputies} == {"Mağaza müdür yardımcısı"}
    assert len(deputies) == 4
    assert len(dotted) == 1 + 4 * 3


def test_some_have_started_within_the_last_90_days(company: SimpleNamespace) -> None:
    new = db.session.execute(select(Person.hired_on).where(Person.hired_on > AT.date() - timedelta(days=90))).scalars().all()
    assert len(new) == 9


def test_names_try_the_letters_that_other_programs_get_wrong(company: SimpleNamespace) -> None:
    names = " ".join(db.session.execute(select(Person.name)).scalars())
    assert all(letter in names for letter in "ğşıİŞÜÖÇ")


def test_each_role_has_an_account_that_opens_with_the_printed_password(company: SimpleNamespace) -> None:
    for role, username in demo.ACCOUNTS:
        assert role in roles_of(company.ids[username]), username
    stored = set(db.session.execute(select(Person.password_hash)).scalars())
    assert len(stored) == 1
    assert passwords.matches(stored.pop(), demo.PASSWORD)


def test_accounts_are_printed_one_to_a_line(company: SimpleNamespace) -> None:
    lines = company.app.test_cli_runner().invoke(cli, ["demo", "accounts"]).output.splitlines()
    assert [line.split() for line in lines] == [[role, username, demo.PASSWORD] for role, username in demo.ACCOUNTS]


def test_the_technical_account_is_not_called_what_supervisors_are_called(company: SimpleNamespace) -> None:
    assert db.session.get_one(Person, company.ids["admin"]).name == "Sistem Hesabı"


def test_progress_is_told_in_words(company: SimpleNamespace) -> None:
    assert company.told[0].startswith("104 people, the administrator among them, are entered in 11 teams")
    assert company.told[0].endswith("in which 9 more are hired.")
    assert "Week 24 of 26" in " ".join(company.told)


def test_the_history_is_thousands_of_pieces_from_every_source(company: SimpleNamespace) -> None:
    counts = dict(db.session.execute(select(EVIDENCE.c.source, func.count()).group_by(EVIDENCE.c.source)).all())
    assert sum(counts.values()) > 9000
    wanted = {"quiz_answer", "embedded_check", "roleplay_choice", "typed_reply_self", "observation_line", "customer_rating"}
    assert wanted <= set(counts)


def test_nothing_has_happened_after_today_or_before_the_company_was_entered(company: SimpleNamespace) -> None:
    first, last = db.session.execute(select(func.min(EVIDENCE.c.occurred_at), func.max(EVIDENCE.c.occurred_at))).one()
    assert AT - timedelta(days=183) < first
    assert AT - timedelta(days=3) < last < AT


def test_some_runs_were_left_and_some_replayed(company: SimpleNamespace) -> None:
    left, replayed, ended = db.session.execute(
        select(
            func.count().filter(RUN.c.finished_at.is_(None)),
            func.count().filter(RUN.c.replay_of.is_not(None)),
            func.count(func.distinct(RUN.c.ending)),
        )
    ).one()
    assert left > 5
    assert replayed > 15
    assert ended > 6


def test_some_assignments_are_done_some_open_and_some_overdue(company: SimpleNamespace) -> None:
    everybody = list(company.ids.values())
    rows = with_progress(assignments_of(everybody), parts_of_many(everybody))
    today = local_date(AT, "Europe/Istanbul")
    # Everybody was asked for the basic course last night, and nobody has had the time yet.
    rows = [one for one in rows if one.module.key != BASIC]
    done = [one for one in rows if one.progress.completed_at]
    open_ones = [one for one in rows if not one.progress.completed_at and (one.days_left(today) or 0) >= 0]
    overdue = [one for one in rows if not one.progress.completed_at and (one.days_left(today) or 0) < 0]
    assert min(len(done), len(open_ones), len(overdue)) >= 5
    # As in a company where somebody looks after it: most is done, and nothing lies about for months.
    assert len(done) > 0.8 * len(rows)
    assert min(one.days_left(today) or 0 for one in overdue) > -60
    late = Counter(one.person_id for one in overdue)
    assert max(late.values()) <= 2


def test_kerem_has_something_to_go_on_with(company: SimpleNamespace) -> None:
    kerem = company.ids["kerem"]
    todo = plans.open_assignments(kerem, {module: parts for (_person, module), parts in parts_of_many([kerem]).items()})
    assert "meeting-needs" in [one.module.key for one in todo if one.progress.started]


def test_everybody_of_every_role_is_asked_for_the_basic_course_by_a_rule(company: SimpleNamespace) -> None:
    asked = db.session.execute(select(ASSIGNMENT.c.person_id).where(ASSIGNMENT.c.what == BASIC, ASSIGNMENT.c.rule_id.is_not(None))).scalars().all()
    assert sorted(asked) == sorted(db.session.scalars(select(Person.id).where(Person.disabled_at.is_(None))))
    assert plans.apply_rules(AT).given == 0


def test_better_people_give_better_answers(company: SimpleNamespace) -> None:
    passed, failed = (
        db.session.execute(select(func.avg(QuizAttempt.score)).where(QuizAttempt.passed.is_(one))).scalar_one() for one in (True, False)
    )
    assert failed < 0.8 <= passed
    assert db.session.execute(select(func.count()).where(QuizAttempt.passed.is_(False))).scalar_one() > 10


def test_customers_call_more_in_the_months_of_campaigns(company: SimpleNamespace) -> None:
    rows = db.session.execute(select(EVIDENCE.c.occurred_at).where(EVIDENCE.c.source == "customer_rating")).scalars().all()
    months = Counter(moment.month for moment in rows)
    assert months[11] / 30 > 1.15 * months[10] / 31


def test_every_serving_team_has_its_expectations(company: SimpleNamespace) -> None:
    serving = (Team.name.startswith("Bursa"), Team.supervisor_id != Person.id)
    bursa = db.session.execute(select(Person.id).join(Team, Team.id == Person.team_id).where(*serving)).scalars().first()
    assert bursa is not None
    wanted = expectations.targets_of([bursa], AT)[bursa]
    assert {skill: wanted[skill].origin for skill in ("empathy", "reliability")} == {"empathy": "team", "reliability": "team"}


def test_what_is_expected_is_acknowledged_and_objected_to(company: SimpleNamespace) -> None:
    said = Counter(db.session.execute(select(expectations.ExpectationAnswer.kind)).scalars())
    assert said["acknowledged"] > 250
    waiting = select(Person.username).join(expectations.ExpectationAnswer, expectations.ExpectationAnswer.person_id == Person.id)
    objected = waiting.where(expectations.ExpectationAnswer.kind == "objected")
    assert len(list(db.session.scalars(objected))) == said["objected"] == 2
    assert len(list(db.session.scalars(objected.where(expectations.ExpectationAnswer.replied_at.is_(None))))) == 1


def test_kerem_finds_one_to_read_and_his_own_goes_before_the_teams(company: SimpleNamespace) -> None:
    found = expectations.expected_of([company.ids["kerem"]], AT)[company.ids["kerem"]]
    assert [skill for skill, _target in found.asking] == ["needs-discovery"]
    assert [one.origin for one in found.layers["empathy"]] == ["person", "team", "experienced"]


def test_of_aylins_team_one_has_not_read_the_change_and_one_objects(company: SimpleNamespace) -> None:
    team = [
        row.id
        for row in db.session.execute(select(Person.id).join(Team, Team.id == Person.team_id).where(Team.supervisor_id == company.ids["aylin"]))
    ]
    wanted = expectations.targets_of([one for one in team if one != company.ids["aylin"]], AT)
    answers = Counter(mine["reliability"].answer for mine in wanted.values())
    assert (answers["objected"], answers[""]) == (1, 1)
    assert answers["acknowledged"] >= 8


def test_a_company_is_not_built_where_people_are(company: SimpleNamespace) -> None:
    with pytest.raises(Refusal, match="empty installation"):
        demo.build(AT)


# Argon2id salts every hash, content is published when the tests run, and calibrations are numbered by chance; a database has a salt of its own.
_LEFT_OUT = {"person.password_hash", "module_version.published_at", "calibration.id", "organisation.salt", "organisation.stamp"}


def digest_of_everything() -> dict[str, str]:
    """Every table's rows as one digest each."""
    found = {}
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.c if str(column) not in _LEFT_OUT and column.name != "calibration_id"]
        rows = sorted(repr(tuple(row)) for row in db.session.execute(select(*columns)))
        found[table.name] = f"{len(rows)} {hashlib.sha256('|'.join(rows).encode()).hexdigest()}"
    return found


@pytest.fixture(scope="module")
def first_days(nobody) -> Any:
    """Builds the company's first days: what was done, and everything's digest."""

    def built(seed: int = 7, scale: int = 1) -> SimpleNamespace:
        with nobody():
            done = demo.build(AT, seed=seed, scale=scale, days=9).done
            return SimpleNamespace(done=done, digest=digest_of_everything())

    return built


@pytest.fixture(scope="module")
def once(first_days) -> SimpleNamespace:
    """The same for the seed and the scale one gets without asking."""
    return first_days()


def test_the_same_seed_on_the_same_day_makes_the_same_rows_and_another_seed_others(once, first_days) -> None:
    assert first_days().digest == once.digest
    assert first_days(seed=8).digest["evidence"] != once.digest["evidence"]


def test_a_larger_scale_makes_more_of_the_same_history(once, first_days) -> None:
    more = first_days(scale=3).done
    assert more["customers' answers"] > 2 * once.done["customers' answers"]
    assert more["observations"] > 2 * once.done["observations"]
    assert more["quiz answers"] > once.done["quiz answers"]


def test_whoever_was_hired_meanwhile_was_asked_by_a_rule_and_some_are_certified(company: SimpleNamespace) -> None:
    newcomers = db.session.execute(
        select(ASSIGNMENT.c.person_id).join(RULE, RULE.c.id == ASSIGNMENT.c.rule_id).where(ASSIGNMENT.c.what == "greeting")
    ).all()
    assert len(newcomers) == 9
    standing = Counter(one.state for one in plans.standings(Person.id > 0, local_date(AT, "Europe/Istanbul")))
    assert standing["valid"] >= 2
    assert standing["begun"] >= 2
