"""Asking that something be put right, and the thirty days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from trainee.coaching import Line, observe
from trainee.kit.clock import months_after, now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden
from trainee.privacy import CorrectionRequest, ask_correction, decide, due_for_deletion
from trainee.voice import Answer, take_ratings

REQUEST = {"what": "My first working day.", "why": "It was 1 March, as in my contract.", "receipt": "c-1"}
DECISION = {"decision": "corrected", "answer": "Put right in your account."}


@pytest.fixture
def asked(cast, at):
    """Amir's request."""
    made = ask_correction(person_id=cast.amir, at=at, **REQUEST)
    db.session.commit()
    return made


def stored():
    return db.session.execute(select(CorrectionRequest)).scalar_one()


def test_amir_asks_and_sees_what_became_of_it(as_, cast):
    for _press in range(2):
        assert as_(cast.amir).post("/me/corrections", data=REQUEST).status_code == 303
    assert db.session.execute(select(func.count()).select_from(CorrectionRequest)).scalar() == 1
    mine = as_(cast.amir).get("/me/corrections").text
    assert "My first working day." in mine
    assert "answer by" in mine
    assert as_(cast.ela).post(f"/corrections/{stored().id}/decision", data=DECISION).status_code == 303
    assert "Put right in your account." in as_(cast.amir).get("/me/corrections").text


def test_the_clock_says_thirty_days(asked):
    assert stored().due_on == date(2026, 4, 10)


@pytest.mark.parametrize("wanting", ["what", "why"])
def test_a_request_without_its_words_is_told_what_is_missing(as_, cast, wanting):
    answer = as_(cast.amir).post("/me/corrections", data=REQUEST | {wanting: " "})
    assert answer.status_code == 422
    assert "Please write" in answer.text
    assert db.session.execute(select(CorrectionRequest)).first() is None


def test_a_stranger_is_sent_to_sign_in(as_, asked):
    for page in ("/me/corrections", "/corrections", f"/corrections/{asked}", "/retention"):
        assert as_(None).get(page).status_code == 302
    assert as_(None).post(f"/corrections/{asked}/decision", data=DECISION).status_code == 401


@pytest.mark.parametrize("who", ["amir", "beth", "chloe", "hana", "ferit", "ada", "max"])
def test_nobody_but_hr_reads_or_decides(as_, cast, asked, who):
    client = as_(getattr(cast, who))
    for page in ("/corrections", f"/corrections/{asked}", "/corrections/999999", "/retention"):
        answer = client.get(page)
        assert answer.status_code == 403
        assert "ask HR" in answer.text
    assert client.post(f"/corrections/{asked}/decision", data=DECISION).status_code == 403
    assert stored().decision is None


def test_nobody_sees_anothers_request_among_her_own(as_, cast, asked):
    assert "My first working day." not in as_(cast.beth).get("/me/corrections").text


def test_hr_sees_the_days_that_are_left_and_what_is_late(as_, cast, at):
    present = now()
    ask_correction(person_id=cast.amir, what="A", why="a", receipt="1", at=present - timedelta(days=9))
    ask_correction(person_id=cast.beth, what="B", why="b", receipt="2", at=present - timedelta(days=33))
    db.session.commit()
    text = as_(cast.ela).get("/corrections").text
    assert "21 days left" in text
    assert "3 days late" in text
    assert text.index("Beth Öğüt") < text.index("Amir Kaya")


def test_a_decision_stands_and_pressing_twice_changes_nothing(as_, cast, asked, at):
    for _press in range(2):
        assert as_(cast.ela).post(f"/corrections/{asked}/decision", data=DECISION).status_code == 303
    first = stored().decided_at
    assert as_(cast.ela).post(f"/corrections/{asked}/decision", data=DECISION | {"decision": "declined"}).status_code == 409
    assert (stored().decision, stored().decided_at) == ("corrected", first)


@pytest.mark.parametrize("change", [{"decision": ""}, {"decision": "maybe"}, {"answer": " "}])
def test_a_decision_without_an_answer_is_told_so(as_, cast, asked, change):
    assert as_(cast.ela).post(f"/corrections/{asked}/decision", data=DECISION | change).status_code == 422
    assert stored().decision is None


def test_a_request_that_never_was_is_not_there(as_, cast):
    assert as_(cast.ela).get("/corrections/999999").status_code == 404
    assert as_(cast.ela).post("/corrections/999999/decision", data=DECISION).status_code == 404


def test_hr_does_not_decide_on_her_own_request(as_, cast, at):
    mine = ask_correction(person_id=cast.ela, at=at, **REQUEST)
    db.session.commit()
    with pytest.raises(Forbidden, match="own request"):
        decide(mine, by_id=cast.ela, decision="corrected", answer="Yes.", at=at)
    assert as_(cast.ela).post(f"/corrections/{mine}/decision", data=DECISION).status_code == 403
    assert "Somebody else" in as_(cast.ela).get(f"/corrections/{mine}").text


def test_nine_days_later_it_is_decided_and_says_so(as_, cast, asked, at):
    decide(asked, by_id=cast.ela, decision="corrected", answer="Done.", at=at + timedelta(days=9))
    db.session.commit()
    assert "decided in 9 days" in as_(cast.ela).get("/corrections").text


def test_old_words_are_due_for_deletion_and_young_ones_and_wordless_marks_are_not(cast, at):
    def watch(seen_at, note, shared, receipt):
        observe(
            observer_id=cast.chloe,
            person_id=cast.amir,
            seen_at=seen_at,
            channel="phone",
            lines=[Line("empathy", 2, note)],
            shared=shared,
            receipt=receipt,
            at=at,
        )

    watch(months_after(at, -25), "Old words.", "", "1")
    watch(months_after(at, -30), "", "Older words.", "2")
    watch(months_after(at, -26), "", "", "3")
    watch(months_after(at, -23), "Young words.", "", "4")
    old = [Answer(cast.amir, months_after(at, -month), "listened", 4, "crm", str(month), words) for month, words in ((11, "a"), (13, "b"), (14, ""))]
    take_ratings(old, at)
    observations, comments, *others = due_for_deletion(at)
    assert {(one.due, one.oldest) for one in others} == {(0, None)}
    assert (observations.due, observations.oldest) == (2, months_after(at, -30))
    assert (comments.due, comments.oldest) == (1, months_after(at, -13))


def test_hr_sees_what_is_due_and_looking_deletes_nothing(as_, cast, at):
    take_ratings([Answer(cast.amir, at - timedelta(days=3000), "listened", 4, "crm", "1", "Very old words.")], at)
    db.session.commit()
    for _look in range(2):
        page = as_(cast.ela).get("/retention")
        assert page.status_code == 200
        assert "24 months" in page.text
        assert ">1<" in page.text


@pytest.mark.parametrize(
    ("moment", "months", "before"), [((2026, 3, 31), 1, (2026, 2, 28)), ((2024, 2, 29), 12, (2023, 2, 28)), ((2026, 1, 15), 24, (2024, 1, 15))]
)
def test_months_are_counted_by_the_calendar(moment, months, before):
    assert months_after(datetime(*moment, tzinfo=UTC), -months) == datetime(*before, tzinfo=UTC)


def test_the_list_costs_the_same_for_one_request_as_for_thirty(as_, cast, at, asked, counting):
    client = as_(cast.ela)
    counting.clear()
    client.get("/corrections")
    few = len(counting)
    for number in range(29):
        ask_correction(person_id=cast.beth, what="A", why="b", receipt=f"n{number}", at=at)
    db.session.commit()
    counting.clear()
    client.get("/corrections")
    assert len(counting) == few <= 4


def test_what_was_decided_in_the_night_took_the_days_of_the_reader(as_, cast):
    asked_at, night = datetime(2026, 3, 10, 10, tzinfo=UTC), datetime(2026, 3, 10, 22, 30, tzinfo=UTC)
    mine = ask_correction(person_id=cast.amir, at=asked_at, **REQUEST)
    decide(mine, by_id=cast.ela, at=night, **DECISION)
    db.session.commit()
    text = as_(cast.ela).get("/corrections").text
    assert "11 Mar 2026 · decided in 1 day" in text
