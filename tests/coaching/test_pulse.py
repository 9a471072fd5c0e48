"""The pulse: without a name, from five answers on, and no sum gives a smaller team away."""

from datetime import UTC, date, datetime, timedelta

import pytest
import yaml
from sqlalchemy import inspect, select

from trainee.coaching import pulse
from trainee.coaching.pulse import PulseTaken, PulseTally, queries
from trainee.coaching.pulse.survey import LAST_ZONE, QUESTIONS, quarter_of, shown
from trainee.kit.audit import AuditEntry
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import force_locale
from trainee.people import Person, Team
from trainee.people import actions as people

SHOWN = 'cell-note">5 answers'
SAID = {"tools": 4, "authority": 2, "recovery": 5, "lead": 3}
# A day of the quarter before the one the clock is in.
THEN = (now().replace(day=1, month=(now().month - 1) // 3 * 3 + 1) - timedelta(days=5)).astimezone(UTC)


@pytest.fixture
def hired(at):
    """Hires people into a team: their ids."""

    def hire(team: str, many: int) -> list[int]:
        found = db.session.execute(select(Team).where(Team.name == team)).scalar_one()
        return [people.add_person(username=f"{team}{n}", name=f"{team} {n}", job="x", at=at, language="en", team_id=found.id).id for n in range(many)]

    return hire


def answered(people_ids, moment, **said):
    for person_id in people_ids:
        assert pulse.take(person_id, SAID | said, moment)
    db.session.commit()


def test_amir_answers_once_and_his_team_counts_it(cast, as_):
    client = as_(cast.amir)
    assert "Team pulse" in client.get("/").text
    for _press in range(2):
        assert client.post("/pulse", data=SAID).status_code == 303
    assert {(row.question, row.value): row.n for row in db.session.execute(select(PulseTally)).scalars()} == dict.fromkeys(SAID.items(), 1)
    assert "Team pulse" not in client.get("/").text
    assert "You have answered this quarter" in client.get("/pulse").text


@pytest.mark.parametrize("bad", [{"tools": ""}, {"tools": "6"}, {"tools": "x"}, {"authority": "0"}])
def test_half_an_answer_is_none(cast, as_, bad):
    answer = as_(cast.amir).post("/pulse", data=SAID | bad)
    assert answer.status_code == 422
    assert db.session.execute(select(PulseTaken)).first() is None


def test_who_leads_the_team_or_has_none_is_not_asked(cast, at, person):
    with pytest.raises(Refusal):
        pulse.take(cast.chloe, SAID, at)
    person(cast.zoe).team_id = None
    db.session.flush()
    with pytest.raises(Refusal):
        pulse.take(cast.zoe, SAID, at)


def test_who_has_answered_and_what_was_said_share_no_column_no_moment_and_no_row(cast, as_):
    as_(cast.amir).post("/pulse", data=SAID)
    taken, tally = ({column["name"]: column for column in inspect(db.engine).get_columns(name)} for name in ("pulse_taken", "pulse_tally"))
    assert set(taken) == {"person_id", "quarter"}
    assert set(tally) == {"id", "quarter", "team_id", "question", "value", "n"}
    keys = [key["referred_table"] for name in ("pulse_taken", "pulse_tally") for key in inspect(db.engine).get_foreign_keys(name)]
    assert sorted(keys) == ["person", "team"]
    # One row of answers would be one person's; three numbers that grew are nobody's.
    assert db.session.execute(select(AuditEntry).where(AuditEntry.actor_id == cast.amir)).first() is None


def test_no_statement_of_ours_reads_both(cast, as_, counting):
    for who in (cast.amir, cast.chloe, cast.ela, cast.max):
        as_(who).get("/pulse")
        as_(who).get("/")
    as_(cast.amir).post("/pulse", data=SAID)
    assert any("pulse_taken" in statement for statement in counting)
    assert not [statement for statement in counting if "pulse_taken" in statement and "pulse_tally" in statement]


def test_nothing_is_shown_while_the_quarter_is_going_on_or_below_five(cast, as_, hired):
    ours = hired("Ours", 5)
    answered(ours, now())
    text = as_(cast.max).get("/pulse").text
    assert "Nothing to show yet" in text
    answered(ours[:4], THEN)
    assert "Nothing to show yet" in as_(cast.max).get("/pulse").text
    answered(ours[4:], THEN)
    text = as_(cast.max).get("/pulse").text
    assert SHOWN in text
    assert "Quarter" in text


def test_a_team_and_its_line_read_it_and_nobody_else(cast, as_, hired):
    answered(hired("Ours", 5), THEN)
    for who, reads in (("amir", True), ("beth", True), ("chloe", True), ("hana", True), ("ela", True), ("max", True), ("dev", False), ("gus", False)):
        assert (SHOWN in as_(getattr(cast, who)).get("/pulse").text) == reads, who


def counts(n, value=4):
    return {key: {value: n} for key in QUESTIONS}


def test_who_is_not_asked_finds_it_with_people_or_her_team(cast, as_):
    for who, where in (("amir", "/me"), ("ela", "/people"), ("hana", "/team")):
        page = as_(getattr(cast, who)).get("/pulse").text
        asked = "Send it" in page
        crumbs = page[page.index('class="crumbs"') : page.index("</nav>", page.index('class="crumbs"'))]
        assert f'href="{"/me" if asked else where}"' in crumbs, who


def test_no_sum_lets_a_smaller_team_be_worked_out():
    """Whatever is shown, the differences of what is shown are nothing or five answers at least."""
    for sizes in ((5, 5, 4), (9, 3, 3), (9, 3), (4, 4, 4), (6, 2, 2), (5, 5, 1, 1, 1, 1, 1), (12, 4)):
        for whole in (True, False):
            teams, rolled = shown([(f"t{number}", counts(n)) for number, n in enumerate(sizes)], "all", "rest", whole)
            assert all(one.n >= pulse.LEAST for one in [*teams, *rolled])
            together = [one for one in rolled if one.name == "all"]
            assert all(one.n == sum(team.n for team in teams) for one in together)
            rest = [one for one in rolled if one.name == "rest"]
            hidden = [n for n in sizes if n < pulse.LEAST]
            assert all(whole and len(hidden) > 1 and one.n == sum(hidden) for one in rest)


def test_two_teams_of_one_name_are_never_put_together():
    """Four and three of two teams called alike would be shown as seven, and four of them known to whoever sees the one."""
    assert shown([("Shop", counts(4)), ("Shop", counts(3))], "all", "rest", False) == ([], [])
    teams, _rolled = shown([("Shop", counts(6)), ("Shop", counts(2))], "all", "rest", False)
    assert [one.n for one in teams] == [6]


def test_a_quarter_is_shown_when_it_is_over_for_everybody_everywhere(cast, hired, at):
    """Else whoever reads it in the east, before and after the last answer from the west, knows that answer by the difference."""
    ours = hired("Ours", 6)
    for number in ours:
        db.session.get_one(Person, number).time_zone = "Pacific/Pago_Pago"
    # In Istanbul the second quarter has begun; on Samoa it is still the first.
    begun = datetime(2026, 4, 1, 6, 0, tzinfo=UTC)
    answered(ours[:5], begun - timedelta(days=3))
    assert quarter_of(local_date(begun, "Europe/Istanbul")) == "2026-2"
    assert queries.quarters(local_date(begun, LAST_ZONE)) == []
    answered(ours[5:], begun)
    assert queries.quarters(local_date(begun, LAST_ZONE)) == []
    assert queries.quarters(local_date(begun + timedelta(hours=6), LAST_ZONE)) == ["2026-1"]
    assert {row.quarter for row in db.session.execute(select(PulseTally.quarter))} == {"2026-1"}


def test_from_one_quarter_to_the_next_nobody_who_joined_can_be_told(cast, as_, hired):
    """The two quarters share no answer: the second is counted anew, so taking one off the other leaves nobody's."""
    ours = hired("Ours", 6)
    earlier = THEN - timedelta(days=92)
    answered(ours[:5], earlier, tools=5)
    answered(ours, THEN, tools=1)
    for quarter, n in ((quarter_of(earlier.date()), 5), (quarter_of(THEN.date()), 6)):
        text = as_(cast.max).get(f"/pulse?quarter={quarter}").text
        assert f'cell-note">{n} answers' in text
    tallies = db.session.execute(select(PulseTally.quarter, PulseTally.value, PulseTally.n).where(PulseTally.question == "tools"))
    assert sorted(tuple(row)[1:] for row in tallies) == [(1, 6), (5, 5)]


def test_the_figures_of_a_team_are_the_means_and_the_share_that_agrees():
    (one,), _rolled = shown([("t", {key: {1: 1, 4: 3, 5: 1} for key in QUESTIONS})], "all", "rest", False)
    assert (one.n, one.means["tools"], one.agree["tools"]) == (5, 3.6, 0.8)


def test_what_is_said_upward_is_read_by_whoever_leads_from_five_answers_on(cast, as_, hired):
    ours = hired("Ours", 5)
    answered(ours[:4], THEN, lead=2)
    assert SHOWN not in as_(cast.chloe).get("/pulse").text
    answered(ours[4:], THEN, lead=5)
    text = as_(cast.chloe).get("/pulse").text
    # One of five agrees: (4 x 2 + 5) / 5 = 2.6.
    assert "Whoever leads us listens" in text and "mean 2.6 of 5" in text


def test_a_question_asked_since_the_middle_of_a_quarter_is_shown_from_five_answers_on_and_cannot_be_worked_out():
    def group(n, of_lead):
        return {"tools": {4: n}, "lead": {2: of_lead}} if of_lead else {"tools": {4: n}}

    teams, (together,) = shown([("A", group(8, 4)), ("B", group(7, 6)), ("C", group(6, 6))], "all", "rest", True)
    assert [sorted(one.means) for one in teams] == [["tools"], ["lead", "tools"], ["lead", "tools"]]
    # The sum holds the twelve that are shown and none of the four.
    assert (together.n, together.means["lead"]) == (21, 2) and [one.n for one in teams] == [8, 7, 6]
    _teams, (together,) = shown([("A", group(8, 4)), ("B", group(7, 0))], "all", "rest", True)
    assert sorted(together.means) == ["tools"]


def test_a_quarter_is_asked_for_by_its_name_and_nonsense_shows_the_last(cast, as_, hired):
    answered(hired("Ours", 5), THEN)
    for wanted in (quarter_of(THEN.date()), "nonsense", quarter_of(now().date())):
        assert SHOWN in as_(cast.max).get(f"/pulse?quarter={wanted}").text
    assert queries.results(_ela(cast), quarter_of(now().date()), now().date()) == ([], [])


def _ela(cast):
    return type("Anybody", (), {"id": cast.ela, "team_id": None, "holds": lambda self, *roles: "hr" in roles})()


def test_quarters():
    assert [quarter_of(date(2026, month, 1)) for month in (1, 3, 4, 12)] == ["2026-1", "2026-1", "2026-2", "2026-4"]
    assert quarter_of(datetime(2026, 12, 31, tzinfo=UTC).date()) == "2026-4"


def test_the_questions_are_those_of_the_content(shipped, app):
    asked = yaml.safe_load((shipped / "surveys/team-pulse.yaml").read_text(encoding="utf-8"))["questions"]
    for lang in ("en", "tr"):
        with force_locale(lang):
            assert {one["id"]: one["text"][lang] for one in asked if one["kind"] == "scale"} == {key: str(words) for key, words in QUESTIONS.items()}


def test_the_page_costs_the_same_for_one_team_as_for_many(cast, as_, hired, counting):
    client = as_(cast.max)
    answered(hired("Ours", 5), THEN)
    client.get("/pulse")
    counting.clear()
    client.get("/pulse")
    few = len(counting)
    for team in ("Theirs", "Office"):
        answered(hired(team, 6), THEN)
    counting.clear()
    client.get("/pulse")
    assert len(counting) == few <= 5
