"""What single reports tell, against what one counts by hand."""

import random
import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from markupsafe import escape
from sqlalchemy import select

from trainee import plans, profile
from trainee.coaching.suggestions.actions import answer, suggest
from trainee.kit.db import db
from trainee.modules.progress import part_done
from trainee.modules.progress.queries import required_parts
from trainee.modules.quizzes.models import ANSWER, QuizAttempt
from trainee.modules.roleplays import actions as roleplays
from trainee.modules.roleplays.queries import run_or_404
from trainee.people import Person, Team
from trainee.people.actions import disable, move
from trainee.people.queries import viewer_named
from trainee.reports import figures
from trainee.reports.figures import FIGURES
from trainee.reports.filters import Asked, Filters
from trainee.reports.kinds import kinds
from trainee.reports.shown import Shown
from trainee.voice import Answer, take_ratings
from trainee.voice.measures.queries import courses


@pytest.fixture
def asked(cast, at):
    """What somebody asks for."""
    return lambda username="ela", **filters: Asked(viewer_named(username), Filters(**filters), at)


def told(key: str, asked: Asked) -> dict[str, figures.Measured]:
    return {one.figure.key: one for one in kinds[key].measured(asked)}


def rated(person_id: int, question: str, values, at, first: int = 0) -> list[Answer]:
    return [Answer(person_id, at, question, value, "till", f"{question}/{person_id}/{first + place}") for place, value in enumerate(values)]


def test_every_figure_has_one_name_and_stands_in_a_report():
    keys = [one.key for one in FIGURES]
    assert len(keys) == len(set(keys))
    used = {one.key for report in kinds for one in report.figures}
    assert used == set(keys)


def test_what_few_customers_said_and_a_gap_made_of_it_stand_for_who_leads_her_alone(cast, asked, at):
    def show(source, score, many, first):
        for one in range(first, first + many):
            day = at - timedelta(days=30 - one)
            profile.record([profile.Showing(cast.amir, "empathy", source, score, f"{source}/{one}", day, f"{source}/{one}")], day)
        db.session.commit()

    def row(username):
        (found,) = [one for one in kinds["skills"].facts(asked(username, skill="empathy")) if one.member.id == cast.amir]
        return found.lines[3], found.gap, found.evidence

    show("observation_line", 0.9, 4, 0)
    show("customer_rating", 0.0, 4, 4)
    assert row("chloe")[1:] == ("impact", 8)
    assert row("ela") == (None, "unknown", 8), "as on her page: it is found in what is left"
    show("customer_rating", 0.0, 1, 8)
    assert row("ela") == row("chloe") and row("ela")[1] == "impact"


def test_customers_count_for_the_team_of_then_and_few_are_no_share(cast, asked, at):
    later = at + timedelta(days=3)
    take_ratings(rated(cast.amir, "satisfied", [5, 5, 4, 3, 2, 1], at), at)
    take_ratings(rated(cast.gus, "satisfied", [5, 5], at), at)
    move(db.session.get_one(Person, cast.amir), db.session.scalar(select(Team.id).where(Team.name == "Theirs")), at + timedelta(days=2))
    take_ratings(rated(cast.amir, "easy", [7, 6, 5, 4, 1], later), later)
    db.session.commit()
    report, by_hr = kinds["customers"], replace(asked(), at=later)
    rows = [report.row(fact, by_hr) for fact in report.facts(by_hr)]
    assert [(row[2], row[3], row[4], row[5]) for row in rows] == [
        ("Ours", "satisfied", 6, pytest.approx(0.5)),
        ("Theirs", "satisfied", 2, None),
        ("Theirs", "easy", 5, pytest.approx(0.6)),
    ]
    found = told("customers", by_hr)
    # Five of eight; a mean of 4.6 of seven; and nobody was asked whether she would recommend us.
    assert (found["csat"].value, found["csat"].n) == (pytest.approx(5 / 8), 8)
    assert (found["ces"].value, found["nps"].words) == (pytest.approx(4.6), "not measured")


def test_surveys_and_reports_tell_the_same_measures(cast, asked, at):
    draw, later = random.Random(9), at + timedelta(days=60)
    # Of each team also answers about nobody in particular: what all tells of one person has no NPS under a hundred.
    ways = ((cast.amir, None), (cast.gus, None), (None, "Ours"), (None, "Theirs"), (None, None))
    teams = {one.name: one.id for one in db.session.scalars(select(Team))}
    answers = []
    for place in range(400):
        person_id, team = draw.choice(ways)
        question, low, high = draw.choice((("satisfied", 1, 5), ("easy", 1, 7), ("recommend", 0, 10), ("recommend", 0, 10)))
        moment = later - timedelta(days=draw.randrange(60), hours=draw.randrange(10))
        answers.append(Answer(person_id, moment, question, draw.randint(low, high), "till", f"{place}", team_id=teams.get(team)))
    take_ratings(answers, later)
    # Whoever leaves takes no answer along.
    disable(db.session.get_one(Person, cast.gus), later, cast.ela)
    db.session.commit()
    for filters, team_id in (({}, None), ({"team": teams["Ours"]}, teams["Ours"]), ({"team": teams["Theirs"]}, teams["Theirs"])):
        here = told("customers", replace(asked(**filters), at=later))
        for measure, scale in (("csat", 100), ("ces", 1), ("nps", 1)):
            everybody, by_team = courses(measure, later)
            there = (everybody if team_id is None else by_team[team_id]).now
            assert here[measure].n == there.n >= 20
            assert here[measure].value is not None
            mine = [scale * value for value in (here[measure].value, here[measure].low, here[measure].high)]
            assert mine == pytest.approx([there.value, there.low, there.high])
    led = told("customers", replace(asked("chloe"), at=later))
    assert led["csat"].n == courses("csat", later)[1][teams["Ours"]].now.n, "a supervisor's are those of her line and of the teams she leads"


def test_hours_count_once_and_cost_what_the_viewer_says(cast, asked, at):
    lesson = next(part for part in required_parts(plans.training().modules["greeting"]) if part.startswith("lesson/"))
    minutes = plans.training().part("greeting", lesson).minutes
    part_done(cast.amir, "greeting", lesson, at)
    part_done(cast.amir, "greeting", lesson, at + timedelta(days=1))
    db.session.commit()
    facts = {fact.member.id: fact for fact in kinds["hours"].facts(asked(rate=600))}
    assert (facts[cast.amir].minutes, facts[cast.amir].parts, facts[cast.amir].completed) == (minutes, 1, 0)
    assert facts[cast.amir].cost == minutes * 10
    assert facts[cast.beth].minutes == 0
    found = told("hours", asked(rate=600))
    assert found["hours_each"].value == pytest.approx(minutes / 60 / len(facts))
    assert found["cost"].value == minutes * 10
    without = told("hours", asked())["cost"]
    assert (without.value, without.words, without.between) == (None, "not counted here", "the filters give no cost of an hour")


def test_progress_says_the_same_as_the_reports_it_is_made_of(cast, asked, at):
    for place, part in enumerate(required_parts(plans.training().modules["greeting"])):
        part_done(cast.amir, "greeting", part, at - timedelta(days=35 * place))
    db.session.commit()
    months = list(kinds["progress"].facts(asked()))
    assert sum(one.minutes for one in months) == sum(one.minutes for one in kinds["hours"].facts(asked()))
    assert sum(one.completed for one in months) == 1
    assert [one.month for one in months] == sorted(one.month for one in months)
    # A month in which nothing happened stands there all the same.
    assert len(months) == (months[-1].month.year - months[0].month.year) * 12 + months[-1].month.month - months[0].month.month + 1


def test_a_suggestion_is_late_on_its_responders_calendar(cast, asked, at):
    words = {"problem": "Queue.", "idea": "A bell."}
    first = suggest(author_id=cast.amir, title="Bell", at=at - timedelta(days=20), receipt="a", **words)
    suggest(author_id=cast.beth, title="Chair", at=at - timedelta(days=20), receipt="b", **words)
    suggest(author_id=cast.amir, title="Light", at=at, receipt="c", **words)
    answer(first, by_id=cast.chloe, decision="adopted", reply="Yes.", at=at - timedelta(days=18))
    db.session.commit()
    facts = list(kinds["suggestions"].facts(asked()))
    assert [(fact.member.id, fact.decision, fact.in_time) for fact in facts] == [
        (cast.chloe, "adopted", True),
        (cast.chloe, "open", False),
        (cast.chloe, "open", None),
    ]
    assert told("suggestions", asked())["answered_in_time"].value == 0.5
    assert "Amir" not in str([kinds["suggestions"].row(fact, asked()) for fact in facts])


def a_try(person_id: int, at, answers: dict[str, float], number: int = 1, **more) -> None:
    version = plans.training().versions["greeting"]
    given = {"allowed": None, "seed": "s", "deadline_at": None, "started_at": at, "handed_in_at": at, "score": 0.5, "passed": False} | more
    one = QuizAttempt(person_id=person_id, version_id=version, module_key="greeting", number=number, drawn=list(answers), **given)
    db.session.add(one)
    db.session.flush()
    quiz = plans.training().modules["greeting"].quiz
    for name, score in answers.items():
        question = quiz.question(name)
        chosen = next(option.id for option in question.options if option.correct == (score == 1.0))
        values = {"answer": {"chosen": chosen}, "score": score, "key": f"{person_id}/{number}/{name}", "turn": 0, "answered_at": at}
        db.session.execute(ANSWER.insert().values(attempt_id=one.id, question_id=name, **values))


def test_questions_are_judged_by_everybodys_first_try_and_names_stay_out(cast, asked, at):
    singles = [one.id for one in plans.training().modules["greeting"].quiz.questions if one.type == "single"][:2]
    people = [person_id for name, person_id in vars(cast).items() if name != "max"]
    for place, person_id in enumerate(people):
        a_try(person_id, at, {singles[0]: float(place < 9), singles[1]: 1.0})
        a_try(person_id, at, {singles[0]: 1.0}, number=2)
    db.session.commit()
    rows = {fact.question.id: fact for fact in kinds["questions"].facts(asked("ferit"))}
    assert (rows[singles[0]].n, rows[singles[0]].item.facility) == (len(people), pytest.approx(9 / len(people)))
    assert rows[singles[1]].item.verdict == "easy"
    options = [fact for fact in kinds["question_options"].facts(asked("ferit")) if fact.question.id == singles[0]]
    assert {fact.option.correct: fact.picked for fact in options if fact.picked} == {True: 9, False: len(people) - 9}


def test_what_a_question_is_and_what_was_picked_stands_below_it_on_the_page_and_beside_it_in_files(cast, as_, at):
    single = next(one for one in plans.training().modules["greeting"].quiz.questions if one.type == "single")
    for person_id in vars(cast).values():
        a_try(person_id, at, {single.id: 1.0})
    db.session.commit()
    page = as_(cast.ferit).get("/reports/questions").text
    rows = page[page.index('class="report-rows"') :]
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', rows)
    assert heads == ["Module code", "Question", "People", "Facility", "Discrimination", "What it shows"]
    told = re.search(rf"{re.escape(str(escape(single.stem.of('en'))))}\s*<span class=\"cell-note\">(.*?)</span>", rows)
    assert told is not None
    assert all(word in told[1] for word in ("Type: ", "Meant to be: ", "Skill: ", "What was picked: ", "✓ "))
    # Whoever picks columns gets them as columns, and a file has them beside each other.
    picked = as_(cast.ferit).get("/reports/table?rows=questions&columns=stem&columns=picks").text
    table = picked[picked.index('class="report-rows"') :]
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table) == ["Question", "What was picked"]


def test_who_leads_nobody_is_told_nothing_of_a_handful(cast, as_, asked, at):
    ours = db.session.scalar(select(Team.id).where(Team.name == "Ours"))
    page = as_(cast.ferit).get(f"/reports/questions?team={ours}")
    assert page.status_code == 422
    assert "fewer than five people" in page.text
    assert as_(cast.chloe).get(f"/reports/questions?team={ours}").status_code == 200
    assert as_(cast.max).get("/reports/customers").status_code == 200


def test_a_talk_left_in_the_middle_is_counted_where_it_was_left(cast, asked, at):
    story = plans.training().modules["greeting"].stories[0]
    for place, person_id in enumerate((cast.amir, cast.beth, cast.gus, cast.zoe, cast.dev)):
        roleplays.begin(person_id, story.id, "k", at - timedelta(days=8 + place))
    roleplays.begin(cast.kai, story.id, "k", at - timedelta(days=6))
    db.session.commit()
    found = told("roleplays", asked())
    assert (found["runs"].value, found["runs_left"].value) == (6, pytest.approx(5 / 6))
    report = kinds["roleplays"]
    rows = [report.row(fact, asked()) for fact in report.facts(asked())]
    assert {row[4] for row in rows} == {story.start}
    assert {row[-1] for row in rows} == {5}
    # Nobody has answered yet, and of a scene that four came to nothing would be told.
    assert {row[-2] for row in rows} == {None}


def test_a_reply_is_counted_as_often_as_it_was_chosen(cast, asked, at):
    story = plans.training().modules["greeting"].stories[0]
    scene = story.scenes[story.start]
    people = (cast.amir, cast.beth, cast.gus, cast.zoe, cast.dev)
    picked = []
    for person_id in people:
        run = roleplays.begin(person_id, story.id, "k", at - timedelta(days=1), seed=1)
        answer_ = next(iter(scene.tries(run_or_404(run, person_id).state.situation))).answers[0]
        given = {name: value if isinstance(value, list) else [value] for name, value in answer_.items()}
        roleplays.move(run, person_id, 0, scene.id, given, "m", "en", at - timedelta(days=1))
        picked = list(scene.picked(answer_))
    db.session.commit()
    shares = {fact.words: fact.picks / fact.counted.answered for fact in kinds["roleplays"].facts(asked()) if fact.scene == scene.id and fact.words}
    assert sum(share == 1.0 for share in shares.values()) == len(picked)
    assert sum(share == 0.0 for share in shares.values()) == len(shares) - len(picked)


def test_a_programme_says_not_measured_and_too_few_before_it_says_an_effect(cast, asked, at):
    for part in required_parts(plans.training().modules["greeting"]):
        part_done(cast.amir, "greeting", part, at - timedelta(days=100))
    take_ratings(
        rated(cast.amir, "satisfied", [2, 2], at - timedelta(days=120)) + rated(cast.amir, "satisfied", [5, 5], at - timedelta(days=60), 2), at
    )
    db.session.commit()
    facts = list(kinds["programme"].facts(asked()))
    assert [(fact.level, fact.shows) for fact in facts] == [("1", "not_measured"), ("2", "not_measured"), ("3", "not_measured"), ("4", "few")]
    # She went from 0.25 to 1.0, and no effect is claimed of it, nor her mean told.
    assert (facts[3].compared.trained, facts[3].effect) == (1, None)
    assert kinds["programme"].row(facts[3], asked())[6:] == (None, None, None, None, 1, 0, None, None, None, None)


def test_the_rows_behind_a_figure_are_those_that_count_in_it(cast, as_, asked, at):
    day = at.date()
    plans.assign(cast.amir, "greeting", at=at - timedelta(days=9), given_by_id=cast.ela, why="Begin.", due_on=day - timedelta(days=1))
    plans.assign(cast.beth, "greeting", at=at - timedelta(days=9), given_by_id=cast.ela, why="Begin.")
    db.session.commit()
    behind = Shown(kinds["assignments"], asked(), 1, counted=True, behind=figures.ON_TIME)
    assert (len(behind.rows), behind.many) == (1, 1)
    assert len(Shown(kinds["assignments"], asked(), 1, counted=True).rows) == 2
    # The page reads another clock; whose day is over there is over here too.
    page = as_(cast.ela).get("/reports/assignments?behind=on_time")
    assert "Only the rows that count in “On time”." in page.text
    assert "Beth" not in page.text[page.text.index("<tbody>", page.text.index('id="rows"')) :]


def test_every_picture_says_in_figures_what_it_shows(cast, as_, asked, at):
    take_ratings([one for month in range(4) for one in rated(cast.amir, "satisfied", [5] * 9 + [1], at - timedelta(days=31 * month), 10 * month)], at)
    db.session.commit()
    trend = Shown(kinds["customers"], asked(), 1, counted=True).pictures[0]
    assert [row[1:] for row in trend.rows] == [("90%", "60% to 98%", "10")] * 4
    # The month that still runs is drawn unlike those that are over.
    assert len(trend.more["dots"]) == 3
    assert trend.more["running"]["line"]
    page = as_(cast.ela).get("/reports/customers").text
    assert page.count("<figure") == page.count("</figure>") > 0
    assert page.count('<svg class="curve-picture"') == 1
    assert "60% to 98%" in page


def test_the_same_minutes_are_the_same_hours_however_they_are_put_together():
    """26 hours and 27 minutes: half of a tenth of an hour over, which the last binary place would round this way or that."""
    told = set()
    for parts in ([1587], [7] * 226 + [5], [13] * 122 + [1], [29, 58, 1500], [1] * 1587):
        assert sum(parts) == 1587
        facts = [SimpleNamespace(first=True, minutes=minutes) for minutes in parts]
        [found] = figures.measure([figures.HOURS], facts)
        told.add((found.value, found.words))
    assert len(told) == 1


def test_every_figure_is_explained_on_one_page(cast, as_):
    page = as_(cast.ela).get("/reports/figures").text
    for one in FIGURES:
        assert f'id="{one.key}"' in page
    # Each sentence stands apart from the one before it.
    assert re.findall(r"[a-z]\.[A-Z]", re.sub(r"<[^>]+>", "", page)) == []
    assert 'id="hours_each"' not in as_(cast.max).get("/reports/figures").text


def test_the_training_record_has_at_least_the_columns_hr_keeps(app, cast, asked):
    wanted = [
        "employee_no",
        "full_name",
        "unit",
        "team",
        "role",
        "hire_date",
        "language",
        "module_code",
        "module_version",
        "assigned_at",
        "due_at",
        "completed_at",
        "minutes",
        "quiz_best_pct",
        "roleplay_ending",
        "skill_code",
        "skill_level",
        "level_confidence",
        "evidence_count",
        "last_observed_at",
        "observer",
        "expectation_ack_at",
        "coaching_count",
        "open_action",
        "certificate_no",
        "certificate_valid_until",
    ]
    keys = [column.key for column in kinds["training_record"].columns(asked())]
    assert [key for key in keys if key in wanted] == wanted
