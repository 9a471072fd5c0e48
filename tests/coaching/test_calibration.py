"""Several score one contact, each alone; what comes of it, and who gets a licence."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from trainee import plans, profile
from trainee.coaching import Line, observe
from trainee.coaching.calibration import (
    CalibrationCase,
    CalibrationSheet,
    ObserverLicence,
    close,
    counts_in_full,
    lapse_drifted,
    licence_of,
    make_case,
    score,
    withdraw,
)
from trainee.coaching.calibration.queries import measure_for, within_one
from trainee.evidence import Evidence
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, Refusal
from trainee.modules.progress import part_done
from trainee.profile.leniency import LEVELS_PER_LOGIT
from trainee.profile.models import CALIBRATION
from trainee.skills.scorecards import current_card
from trainee.timetable import JOBS, lapse_licences

WANTED = {"greeting": 3, "empathy": 2}


@pytest.fixture
def skills(app):
    return current_card("phone").skills


@pytest.fixture
def put_up(cast, skills, at):
    """Makes a case; with a reference unless told otherwise."""
    numbers = iter(range(99))

    def make(reference=True, by=None):
        number = next(numbers)
        wanted = {skill: WANTED.get(skill) for skill in skills} if reference else {}
        made = make_case(
            title=f"Call {number}", card_id=current_card("phone").id, text="“Good morning, this is …”", reference=wanted, made_by_id=by or cast.ela,
            receipt=f"case-{number}", at=at,
        )  # fmt: skip
        db.session.commit()
        return db.session.get_one(CalibrationCase, made)

    return make


def marks(skills, **levels):
    return {skill: levels.get(skill, WANTED.get(skill)) for skill in skills}


@pytest.fixture
def knows(app, at):
    """Has somebody pass the quizzes of the basics, all or all but one."""

    def passes(who, but=""):
        for module in plans.basics():
            if module.key != but:
                part_done(who, module.key, "quiz", at)
        db.session.commit()

    return passes


def form(skills, **levels):
    return {f"level_{skill}": str(level or 0) for skill, level in marks(skills, **levels).items()}


def test_nobody_sees_the_others_marks_before_she_has_given_her_own(cast, as_, put_up, skills, at):
    case = put_up(reference=False)
    score(case, cast.hana, marks(skills, greeting=4), at, {"greeting": "Hana's very own note."})
    db.session.commit()
    page = as_(cast.chloe).get(f"/calibration/{case.id}").text
    assert "Hana" not in page
    assert "Score alone" in page
    assert as_(cast.chloe).post(f"/calibration/{case.id}/sheet", data=form(skills)).status_code == 303
    after = as_(cast.chloe).get(f"/calibration/{case.id}").text
    assert "Hana İpek" in after
    assert "very own note" in after
    # A trainer who has still to score it sees it nowhere, either.
    assert "Hana İpek" not in as_(cast.ferit).get(f"/calibration/{case.id}").text
    assert "From 0 cases" in as_(cast.ferit).get("/calibration/agreement").text
    assert "From 1 case" in as_(cast.ela).get("/calibration/agreement").text


def test_however_many_have_scored_who_gave_which_level_stands_below_it_in_as_many_columns(cast, as_, put_up, skills, at):
    case = put_up()
    for who, level in ((cast.chloe, 1), (cast.hana, 3), (cast.iris, 3)):
        score(case, who, marks(skills, empathy=level), at, {"empathy": "Said sorry twice."} if who == cast.hana else {})
    db.session.commit()
    page = as_(cast.ela).get(f"/calibration/{case.id}").text
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    # The line, four levels, not seen and the reference; a column for each of sixteen would be wider than a tablet.
    assert page.count('<th scope="col"') == 7
    empathy = re.split("<tr>", table)[1]
    cells = [" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in re.findall("<td.*?</td>", empathy, re.DOTALL)]
    assert cells[0].startswith("1 Chloe") and cells[1] == "–" and cells[3] == "–" and cells[5] == "2"
    assert cells[2].startswith("2 ") and ": “Said sorry twice.”" in cells[2]
    assert "Everybody" in table


def test_marks_are_given_once_and_whole(cast, as_, put_up, skills):
    case = put_up()
    client = as_(cast.chloe)
    answer = client.post(f"/calibration/{case.id}/sheet", data=form(skills) | {"level_empathy": ""})
    assert answer.status_code == 422
    assert "not seen" in answer.text
    for level in (1, 4):
        assert client.post(f"/calibration/{case.id}/sheet", data=form(skills, empathy=level)).status_code == 303
    assert db.session.execute(select(func.count()).select_from(CalibrationSheet)).scalar() == 1
    assert db.session.execute(select(Evidence.id)).first() is None


def test_who_gave_the_reference_does_not_score_it_and_a_closed_case_is_closed(cast, as_, put_up, skills, at):
    mine = put_up(by=cast.ferit)
    answer = as_(cast.ferit).post(f"/calibration/{mine.id}/sheet", data=form(skills))
    assert answer.status_code == 409
    assert "You gave the reference" in answer.text
    assert close(mine, "Interrupting twice is a 2.", cast.ela, at)
    assert not close(mine, "Again.", cast.ela, at)
    db.session.commit()
    assert as_(cast.chloe).post(f"/calibration/{mine.id}/sheet", data=form(skills)).status_code == 409


def test_nobody_is_licensed_before_she_has_passed_the_basics_of_the_work(cast, as_, put_up, skills, knows):
    assert {"greeting", "empathy", "service-recovery", "observing-coaching"} <= {module.key for module in plans.basics()}
    client = as_(cast.chloe)
    cases = [put_up() for _number in range(3)]
    for case in cases:
        assert client.post(f"/calibration/{case.id}/sheet", data=form(skills)).status_code == 303
    assert licence_of(cast.chloe) is None
    told = client.get("/calibration").text
    assert "3 of 3 cases" in told
    assert "you have passed 0 of them" in told
    assert "/learn/empathy" in told
    assert "/calibration/licence" not in told
    refused = client.post("/calibration/licence")
    assert refused.status_code == 409
    assert "First the basics" in refused.text
    knows(cast.chloe, but="empathy")
    assert "1 quiz to pass" in client.get("/calibration").text
    assert client.post("/calibration/licence").status_code == 409
    knows(cast.chloe)
    assert "/calibration/licence" in client.get("/calibration").text
    for _press in range(2):
        assert client.post("/calibration/licence").status_code == 303
    assert licence_of(cast.chloe).cases == [case.id for case in cases]
    assert counts_in_full(cast.chloe)


def test_the_basics_alone_are_no_licence_either(cast, as_, put_up, skills, knows):
    knows(cast.chloe)
    client = as_(cast.chloe)
    client.post(f"/calibration/{put_up().id}/sheet", data=form(skills))
    refused = client.post("/calibration/licence")
    assert refused.status_code == 409
    assert "Three cases within one level" in refused.text


def test_closing_grants_nothing_to_who_does_not_know_the_basics(cast, as_, put_up, skills, knows, at):
    knows(cast.chloe)
    for number in range(3):
        case = put_up(reference=False)
        for who in (cast.chloe, cast.hana, cast.iris):
            score(case, who, marks(skills), at, knows_basics=who == cast.chloe)
        db.session.commit()
        assert as_(cast.ela).post(f"/calibration/{case.id}/closure", data={"agreed": ""}).status_code == 303, number
    assert licence_of(cast.chloe) is not None
    assert licence_of(cast.hana) is None


def test_three_cases_within_one_level_earn_a_licence_and_two_do_not(cast, as_, put_up, skills, knows):
    knows(cast.chloe)
    first, second, third, fourth = (put_up() for _number in range(4))
    client = as_(cast.chloe)
    client.post(f"/calibration/{first.id}/sheet", data=form(skills, empathy=3))
    client.post(f"/calibration/{second.id}/sheet", data=form(skills, empathy=4))
    client.post(f"/calibration/{third.id}/sheet", data=form(skills, empathy=1))
    assert licence_of(cast.chloe) is None
    assert "2 of 3 cases" in client.get("/calibration").text
    client.post(f"/calibration/{fourth.id}/sheet", data=form(skills))
    assert licence_of(cast.chloe).cases == [first.id, third.id, fourth.id]
    assert "You hold an observer" in client.get("/calibration").text


def test_seeing_what_was_not_there_is_not_within_one_level(skills):
    measure = {"greeting": 3.0, "empathy": None}
    assert within_one({"greeting": 2, "empathy": None}, measure)
    assert not within_one({"greeting": 2, "empathy": 1}, measure)
    assert not within_one({"greeting": None, "empathy": None}, measure)
    assert not within_one({"greeting": 1, "empathy": None}, measure)


def test_without_a_reference_the_middle_of_the_others_is_the_measure_once_it_is_closed(cast, put_up, skills, at):
    case = put_up(reference=False)
    for who, level in ((cast.chloe, 1), (cast.hana, 3), (cast.iris, 4)):
        score(case, who, marks(skills, empathy=level), at)
    given = {who: marks(skills, empathy=level) for who, level in ((cast.chloe, 1), (cast.hana, 3), (cast.iris, 4))}
    assert measure_for(case, given, cast.chloe) is None
    close(case, "", cast.ela, at)
    assert measure_for(case, given, cast.chloe)["empathy"] == 3.5
    assert measure_for(case, given, cast.hana)["empathy"] == 2.5
    # What most of the others did not see counts as not seen.
    assert measure_for(case, given, cast.chloe)["reliability"] is None


def test_closing_grants_what_the_consensus_earned(cast, put_up, skills, at):
    cases = [put_up(reference=False) for _number in range(3)]
    for case in cases:
        for who, level in ((cast.chloe, 2), (cast.hana, 2), (cast.iris, 4)):
            score(case, who, marks(skills, empathy=level), at)
        assert licence_of(cast.chloe) is None
        close(case, "", cast.ela, at)
    held = set(db.session.execute(select(ObserverLicence.person_id)).scalars())
    # Iris lies two levels above the middle of the other two; they lie one from theirs.
    assert held == {cast.chloe, cast.hana}


def see(cast, at, receipt):
    lines = [Line("empathy", 3)]
    observe(observer_id=cast.chloe, person_id=cast.amir, seen_at=at, channel="phone", lines=lines, shared="", receipt=receipt, at=at)


def test_without_a_licence_observations_count_half_as_soon_as_one_can_be_earned(cast, as_, put_up, skills, at):
    see(cast, at, "before")
    cases = [put_up() for _number in range(3)]
    assert not counts_in_full(cast.chloe)
    see(cast, at, "unlicensed")
    db.session.commit()
    form = as_(cast.chloe).get(f"/people/{cast.amir}/observations/new").text
    assert "counts half" in form and "has passed the quizzes that observers are asked for" in form and 'href="/calibration"' in form
    for case in cases:
        score(case, cast.chloe, marks(skills), at)
    assert counts_in_full(cast.chloe)
    see(cast, at, "licensed")
    assert list(db.session.execute(select(Evidence.source).order_by(Evidence.id)).scalars()) == [
        "observation_line",
        "unlicensed_observation",
        "observation_line",
    ]


def test_who_gave_the_references_or_came_after_the_cases_were_closed_counts_in_full_until_there_are_three_for_her(cast, as_, put_up, skills, at):
    cases = [put_up(by=cast.ferit) for _number in range(3)]
    assert counts_in_full(cast.ferit)
    assert not counts_in_full(cast.dev)
    score(cases[0], cast.dev, marks(skills), at)
    for case in cases:
        close(case, "", cast.ela, at)
    db.session.commit()
    # Dev could score one of them, Iris came too late for all.
    assert counts_in_full(cast.dev)
    assert counts_in_full(cast.iris)
    for who in (cast.ferit, cast.dev, cast.iris):
        assert "too few cases for you to score" in as_(who).get("/calibration").text
    put_up()
    put_up(reference=False, by=cast.ferit)
    # Where she gave no reference she scores like everybody else.
    assert [counts_in_full(who) for who in (cast.ferit, cast.dev, cast.iris)] == [True, False, True]
    put_up()
    assert not counts_in_full(cast.ferit)
    assert not counts_in_full(cast.iris)


@pytest.mark.parametrize("who", ["amir", "beth", "max", "zoe", "ada"])
def test_calibration_is_for_who_observes_and_hr(cast, as_, put_up, who):
    case = put_up()
    for page in ("/calibration", f"/calibration/{case.id}", "/calibration/new", "/calibration/agreement"):
        assert as_(getattr(cast, who)).get(page).status_code == 403


def test_a_case_is_made_in_the_browser_and_pressing_twice_makes_one(cast, as_, skills):
    client = as_(cast.ferit)
    page = client.get("/calibration/new?card=phone").text
    assert "Reference" in page
    made = {"title": "A call", "text": "“Good morning.”", "card_id": str(current_card("phone").id), "receipt": "once"}
    first, again = (client.post("/calibration/new", data=made) for _press in range(2))
    assert first.status_code == 303
    assert first.location == again.location
    partly = client.post("/calibration/new", data=made | {"receipt": "two", "level_empathy": "3"})
    assert partly.status_code == 422
    assert "to every line, or to none" in partly.text
    assert client.post("/calibration/new", data=made | {"receipt": "three", "text": ""}).status_code == 422


def test_the_page_of_agreement_tells_each_observers_leaning_and_the_lines_apart(cast, as_, put_up, skills, at):
    for number in range(5):
        case = put_up()
        score(case, cast.chloe, marks(skills, empathy=3, greeting=4), at + timedelta(minutes=number))
        score(case, cast.hana, marks(skills, empathy=2, greeting=3), at + timedelta(minutes=number))
    db.session.commit()
    page = as_(cast.ela).get("/calibration/agreement").text
    assert "+1.0" in page
    assert "calibrate again" in page
    assert "From 5 cases" in page


def test_the_agreement_page_costs_the_same_for_three_cases_as_for_nine(cast, as_, put_up, skills, at, counting):
    def read(many):
        for _number in range(many):
            score(put_up(), cast.chloe, marks(skills), at)
        db.session.commit()
        as_(cast.ela).get("/calibration/agreement")
        counting.clear()
        assert as_(cast.ela).get("/calibration/agreement").status_code == 200
        return len(counting)

    assert read(3) == read(6) <= 8


def test_the_nightly_learning_finds_who_is_lenient_and_who_strict(cast, at):
    for number in range(40):
        when = at - timedelta(days=40 - number)
        for person in (cast.amir, cast.beth, cast.gus):
            for observer, level in ((cast.hana, 4), (cast.iris, 2)):
                observe(
                    observer_id=observer, person_id=person, seen_at=when, channel="phone", lines=[Line("empathy", level, "So it was.")], shared="",
                    receipt=f"{number}-{person}-{observer}", at=when,
                )  # fmt: skip
    assert profile.leniencies(at) == []
    for _step in profile.learn_calibration(at):
        db.session.commit()
    ((when, found),) = profile.leniencies(at)
    assert when == at
    assert found[cast.hana].levels > 0.4
    assert found[cast.iris].levels == pytest.approx(-found[cast.hana].levels)
    assert found[cast.hana].lines == 1


def test_a_title_and_a_text_are_needed(cast, skills, at):
    with pytest.raises(Refusal, match="title"):
        make_case(title=" ", card_id=current_card("phone").id, text="x", reference={}, made_by_id=cast.ela, receipt="r", at=at)


def test_a_receipt_of_somebody_else_brings_nothing_of_hers(cast, at):
    case = {"title": "A call", "card_id": current_card("phone").id, "text": "Hello.", "reference": {}, "receipt": "r", "at": at}
    made = make_case(made_by_id=cast.ela, **case)
    assert make_case(made_by_id=cast.ela, **case) == made
    with pytest.raises(Refusal, match="used before"):
        make_case(made_by_id=cast.ferit, **case)


# A licence that ends --------------------------------------------------------------------------------------------------


@pytest.fixture
def licensed(cast, put_up, skills, at):
    """Chloe has earned her licence with three cases; the moment after."""
    for _number in range(3):
        score(put_up(), cast.chloe, marks(skills), at)
    db.session.commit()
    assert counts_in_full(cast.chloe)
    return at + timedelta(days=1)


def sources():
    return list(db.session.execute(select(Evidence.source).order_by(Evidence.id)).scalars())


def test_a_licence_is_withdrawn_with_a_reason_and_three_new_cases_earn_it_again(cast, as_, licensed, put_up, skills):
    see(cast, licensed, "before")
    db.session.commit()
    client, page = as_(cast.ferit), "/calibration/licences/withdrawal"
    bad = client.post(page, data={"observer": str(cast.chloe), "why": " "})
    assert bad.status_code == 422
    assert "your colleague reads it" in bad.text
    for _press in range(2):
        assert client.post(page, data={"observer": str(cast.chloe), "why": "Scored two calls unheard."}).status_code == 303
    assert "had ended already" in client.get("/calibration/agreement").text
    # Nobody is chosen who never observed, nor oneself.
    for nobody in (cast.amir, cast.ferit, "x"):
        assert client.post(page, data={"observer": str(nobody), "why": "Well."}).status_code == 422
    assert not counts_in_full(cast.chloe)
    see(cast, licensed, "after")
    # What she saw before counts as it did.
    assert sources() == ["observation_line", "unlicensed_observation"]
    told = as_(cast.chloe).get("/calibration").text
    assert "Scored two calls unheard." in told
    assert "3 new cases" in told
    everybody = client.get("/calibration/agreement").text
    assert "Scored two calls unheard." in everybody
    assert "Ferit Ay" in everybody
    later = licence_of(cast.chloe).ended_at + timedelta(hours=1)
    for number in range(3):
        assert not counts_in_full(cast.chloe), number
        score(put_up(), cast.chloe, marks(skills), later)
    assert counts_in_full(cast.chloe)
    assert db.session.execute(select(func.count()).select_from(ObserverLicence)).scalar() == 2


def test_nobody_withdraws_her_own_and_the_database_holds_what_a_licence_is(cast, licensed):
    with pytest.raises(Forbidden, match="her own"):
        withdraw(cast.chloe, by_id=cast.chloe, why="Mine.", at=licensed)
    assert withdraw(cast.beth, by_id=cast.ela, why="She has none.", at=licensed) is False
    row = {"person_id": cast.chloe, "granted_at": licensed, "cases": [], "ended_at": None, "ended_by_id": None, "why": ""}
    for change in ({}, {"ended_at": licensed}, {"why": "Why?"}, {"ended_at": licensed, "ended_by_id": cast.chloe, "why": "Mine."}):
        with pytest.raises(IntegrityError):
            db.session.execute(insert(ObserverLicence), row | change)
        db.session.rollback()


def test_a_licence_lapses_when_marks_drift_on_new_cases_and_not_by_those_that_earned_it(cast, licensed, put_up, skills):
    higher = marks(skills, empathy=3, greeting=4)
    for number in range(3):
        case = put_up()
        assert lapse_drifted(licensed) == 0, number
        score(case, cast.chloe, higher, licensed)
    # Six lines, each one level too high.
    assert lapse_licences(licensed).done == 1
    assert lapse_licences(licensed).done == 0
    assert not counts_in_full(cast.chloe)
    assert (licence_of(cast.chloe).ended_by_id, licence_of(cast.chloe).why) == (None, "drift")
    assert lapse_licences in {job.work for job in JOBS}


def test_half_a_level_that_chance_may_have_made_ends_nothing(cast, licensed, put_up, skills):
    for greeting, empathy in ((4, 2), (3, 3), (4, 1), (3, 3)):
        score(put_up(), cast.chloe, marks(skills, greeting=greeting, empathy=empathy), licensed)
    assert lapse_drifted(licensed) == 0


@pytest.mark.parametrize(("months", "lapsed"), [((1.0, 1.2), 1), ((1.0,), 0), ((1.0, -1.0), 0), ((0.2, 1.0), 0), ((-0.9, -1.1), 1)])
def test_a_licence_lapses_when_two_months_running_say_so_at_work(cast, licensed, months, lapsed):
    for number, levels in enumerate(months, 1):
        # A lenient observer's lines look easy; the other one lies as far on the other side.
        logits = levels / LEVELS_PER_LOGIT
        items = {f"observer/{cast.chloe}/empathy@1|0": [-logits, 0.02], f"observer/{cast.hana}/empathy@1|0": [logits, 0.02]}
        learned = {"learned_at": licensed + timedelta(days=31 * number), "state": "retired", "policy": "p", "events": 1, "current_from": None}
        db.session.execute(insert(CALIBRATION), learned | {"item_difficulties": items, "skill_difficulties": {}})
    assert lapse_drifted(licensed + timedelta(days=100)) == lapsed
