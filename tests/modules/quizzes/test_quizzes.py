"""Taking a quiz: each answer saved alone and once, nothing told too early, nothing beaten by parallel tabs."""

import dataclasses
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from trainee.evidence.models import Evidence
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.words import Text
from trainee.modules import library
from trainee.modules.library import module, module_or_404
from trainee.modules.progress import PartDone
from trainee.modules.questions import as_multi, kind_of
from trainee.modules.quizzes import QuizAnswer, QuizAttempt, actions, queries


@pytest.fixture
def attempt(app, cast, at):
    found = actions.begin(cast.amir, "greeting", at, seed="a seed")
    db.session.commit()
    return found


@pytest.fixture
def rules(app, monkeypatch):
    """Change what the quiz of the greeting module asks for."""

    def change(**changes):
        _version, content = module_or_404("greeting")
        monkeypatch.setitem(content.__dict__, "quiz", dataclasses.replace(content.quiz, **changes))

    return change


def questions(attempt):
    return queries.questions_of(module(attempt.version_id), attempt)


def sent(attempt, question, right=True, key="", **more):
    kind = kind_of(question)
    answer = kind.right(question) if right else wrong(question)
    form = MultiDict(as_multi(kind.form(question, answer, attempt.seed)))
    form["key"] = key or f"key-{question.id}"
    form.update(more)
    return form


def wrong(question):

    kind = kind_of(question)
    return next(guess for number in range(500) if not kind.mark(question, guess := kind.guess(question, Random(number))).right)


def answer_all(attempt, at, right=True):
    for question in questions(attempt):
        actions.save_answer(attempt.id, attempt.person_id, question.id, sent(attempt, question, right), "en", at)


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_an_attempt_asks_as_many_questions_as_the_quiz_says_and_the_same_seed_draws_the_same(attempt):
    quiz = module(attempt.version_id).quiz
    assert len(set(attempt.drawn)) == quiz.length
    assert actions.draw(quiz, "a seed") == attempt.drawn
    assert actions.draw(quiz, "another seed") != attempt.drawn


def test_beginning_again_goes_on_with_the_open_attempt(attempt, cast, at):
    assert actions.begin(cast.amir, "greeting", at).id == attempt.id


def test_an_answer_becomes_evidence_under_its_receipt(attempt, at):
    question = questions(attempt)[0]
    actions.save_answer(attempt.id, attempt.person_id, question.id, sent(attempt, question), "en", at)
    row = db.session.execute(select(Evidence)).scalar_one()
    assert row.receipt == f"quiz_answer/{attempt.id}/{question.id}"
    assert (row.person_id, row.skill_key, row.score, row.item) == (attempt.person_id, question.skill, 1.0, f"greeting/quiz/{question.id}")


def test_the_same_key_sent_twice_is_one_answer_and_says_the_same(attempt, at):
    question = questions(attempt)[0]
    first = actions.save_answer(attempt.id, attempt.person_id, question.id, sent(attempt, question, key="k"), "en", at)
    again = actions.save_answer(attempt.id, attempt.person_id, question.id, sent(attempt, question, key="k"), "en", at)
    assert again == first
    assert (count(QuizAnswer), count(Evidence)) == (1, 1)


@pytest.mark.parametrize("right", [True, False])
def test_every_question_knows_its_own_answer_again(attempt, at, right):
    for question in questions(attempt):
        form = sent(attempt, question, right)
        first = actions.save_answer(attempt.id, attempt.person_id, question.id, form, "en", at)
        assert actions.save_answer(attempt.id, attempt.person_id, question.id, form, "en", at) == first


def test_the_same_key_with_another_answer_is_refused_with_a_sentence_and_changes_nothing(attempt, as_, cast):
    question = next(one for one in questions(attempt) if one.type == "single")
    browser, address = as_(cast.amir), f"/quiz-attempts/{attempt.id}/answers/{question.id}"
    assert browser.post(address, data=sent(attempt, question, key="k")).status_code == 303
    refused = browser.post(address, data=sent(attempt, question, right=False, key="k"))
    assert refused.status_code == 409
    assert "Another answer was saved with this very press" in refused.text
    assert db.session.scalar(select(QuizAnswer.score)) == 1.0
    assert (count(QuizAnswer), count(Evidence)) == (1, 1)


def test_a_confidence_there_is_none_of_is_refused_with_a_sentence(attempt, as_, cast):
    question = next(one for one in questions(attempt) if one.type == "single")
    address = f"/quiz-attempts/{attempt.id}/answers/{question.id}"
    refused = as_(cast.amir).post(address, data=sent(attempt, question, confidence="zzz"))
    assert refused.status_code == 422
    assert "Choose one of the three" in refused.text
    assert count(QuizAnswer) == 0
    assert as_(cast.amir).post(address, data=sent(attempt, question, confidence="")).status_code == 303


def test_with_feedback_at_once_the_first_answer_counts(attempt, at):
    question = questions(attempt)[0]
    actions.save_answer(attempt.id, attempt.person_id, question.id, sent(attempt, question, right=False), "en", at)
    with pytest.raises(Refusal, match="first answer counts"):
        actions.save_answer(attempt.id, attempt.person_id, question.id, sent(attempt, question, key="other"), "en", at)
    assert count(Evidence) == 1


def test_with_feedback_at_the_end_an_answer_can_be_changed_and_a_late_request_undoes_nothing(rules, cast, at):
    rules(feedback="end")
    attempt = actions.begin(cast.amir, "greeting", at)
    question = questions(attempt)[0]
    actions.save_answer(attempt.id, cast.amir, question.id, sent(attempt, question, right=False, key="one", turn="0"), "en", at)
    actions.save_answer(attempt.id, cast.amir, question.id, sent(attempt, question, key="two", turn="1"), "en", at)
    with pytest.raises(Refusal, match="newer answer"):
        actions.save_answer(attempt.id, cast.amir, question.id, sent(attempt, question, right=False, key="late", turn="0"), "en", at)
    assert queries.answers_of(attempt.id)[question.id].score == 1.0
    assert count(Evidence) == 0
    actions.hand_in(attempt.id, cast.amir, at)
    assert count(Evidence) == 1


def test_what_is_right_reaches_the_browser_only_when_it_may_be_seen(attempt, as_, cast):
    page = as_(cast.amir).get(f"/quiz-attempts/{attempt.id}").text
    for question in questions(attempt):
        if question.why:
            assert question.why.en not in page
    question = questions(attempt)[0]
    shown = as_(cast.amir).post(f"/quiz-attempts/{attempt.id}/answers/{question.id}", data=sent(attempt, question), headers={"X-Fragment": "1"})
    assert shown.status_code == 200
    assert "<html" not in shown.text
    assert "That is right." in shown.text


def test_a_question_without_an_answer_is_not_wrong_before_handing_in(attempt, cast, at):
    question = questions(attempt)[0]
    actions.save_answer(attempt.id, cast.amir, question.id, sent(attempt, question), "en", at)
    assert count(Evidence) == 1
    done = actions.hand_in(attempt.id, cast.amir, at)
    assert done.score == pytest.approx(1 / len(attempt.drawn))
    assert done.passed is False
    assert count(Evidence) == 1


def test_passing_is_noted_and_handing_in_twice_changes_nothing(attempt, cast, at):
    answer_all(attempt, at)
    first = actions.hand_in(attempt.id, cast.amir, at)
    assert (first.score, first.passed) == (1.0, True)
    again = actions.hand_in(attempt.id, cast.amir, at + timedelta(days=1))
    assert again.handed_in_at == at
    assert db.session.execute(select(PartDone.part)).scalars().all() == ["quiz"]


def test_after_handing_in_nothing_can_be_answered(attempt, cast, at):
    actions.hand_in(attempt.id, cast.amir, at)
    question = questions(attempt)[0]
    with pytest.raises(Refusal, match="handed in"):
        actions.save_answer(attempt.id, cast.amir, question.id, sent(attempt, question), "en", at)


def test_somebody_elses_attempt_and_a_question_that_is_not_in_it(attempt, cast, at):
    question = questions(attempt)[0]
    with pytest.raises(NotFound):
        actions.save_answer(attempt.id, cast.beth, question.id, sent(attempt, question), "en", at)
    with pytest.raises(Refusal, match="not part of this quiz"):
        actions.save_answer(attempt.id, cast.amir, "no-such-question", MultiDict({"answer": "0"}), "en", at)
    assert count(QuizAnswer) == 0


def test_an_answer_that_is_missing_gets_a_sentence_and_changes_nothing(attempt, as_, cast):
    question = next(one for one in questions(attempt) if one.type == "single")
    answer = as_(cast.amir).post(f"/quiz-attempts/{attempt.id}/answers/{question.id}", data={"key": "k"})
    assert answer.status_code == 422
    assert "Choose one of the answers first." in answer.text
    assert count(QuizAnswer) == 0


def test_the_server_keeps_the_time(rules, cast, at):
    rules(minutes=10, feedback="end")
    attempt = actions.begin(cast.amir, "greeting", at)
    first, second = questions(attempt)[:2]
    actions.save_answer(attempt.id, cast.amir, first.id, sent(attempt, first), "en", at + timedelta(minutes=10, seconds=5))
    with pytest.raises(Refusal, match="ran out on 11 Mar 2026 12:10"):
        actions.save_answer(attempt.id, cast.amir, second.id, sent(attempt, second), "en", at + timedelta(minutes=11))
    assert queries.overdue(at + timedelta(hours=1)) == [(attempt.id, cast.amir)]
    actions.hand_in(attempt.id, cast.amir, at + timedelta(hours=1))
    assert queries.overdue(at + timedelta(hours=1)) == []
    db.session.refresh(attempt)
    assert attempt.handed_in_at == attempt.deadline_at
    assert count(Evidence) == 1


def test_no_more_tries_than_allowed(rules, cast, at):
    rules(attempts=2)
    for _try in range(2):
        actions.hand_in(actions.begin(cast.amir, "greeting", at).id, cast.amir, at)
    with pytest.raises(Refusal, match="used all your tries"):
        actions.begin(cast.amir, "greeting", at)
    assert count(QuizAttempt) == 2


def test_a_result_says_how_many_tries_are_left_and_offers_no_more_than_there_are(rules, as_, cast, at):
    rules(attempts=2)
    pages = []
    for _try in range(2):
        attempt = actions.begin(cast.amir, "greeting", at)
        actions.hand_in(attempt.id, cast.amir, at)
        db.session.commit()
        pages.append(as_(cast.amir).get(f"/quiz-attempts/{attempt.id}/result").text)
    assert "You have 1 try left" in pages[0]
    assert "Try again" in pages[0]
    assert "That was your last try" in pages[1]
    assert "Try again" not in pages[1]


def test_the_database_itself_refuses_a_second_open_attempt_and_one_too_many(attempt, at):
    def another(**changes):
        values = {
            "person_id": attempt.person_id,
            "version_id": attempt.version_id,
            "module_key": "greeting",
            "number": 2,
            "allowed": None,
            "seed": "s",
            "drawn": [],
            "started_at": at,
            "deadline_at": None,
            "handed_in_at": None,
            "score": None,
            "passed": None,
        }
        return QuizAttempt(**(values | changes))

    for row in (another(), another(number=3, allowed=2, handed_in_at=at), another(number=1, handed_in_at=at)):
        savepoint = db.session.begin_nested()
        db.session.add(row)
        with pytest.raises(IntegrityError):
            db.session.flush()
        savepoint.rollback()


def test_the_attempts_page_takes_the_same_statements_with_no_answer_and_with_all(attempt, as_, cast, at, counting):
    client = as_(cast.amir)
    client.get(f"/quiz-attempts/{attempt.id}")
    counting.clear()
    client.get(f"/quiz-attempts/{attempt.id}")
    before = len(counting)
    answer_all(attempt, at)
    db.session.commit()
    counting.clear()
    client.get(f"/quiz-attempts/{attempt.id}")
    assert len(counting) == before <= 3


def test_saving_one_answer_takes_a_pinned_number_of_statements(attempt, cast, at, counting):
    first, second = questions(attempt)[:2]
    actions.save_answer(attempt.id, cast.amir, first.id, sent(attempt, first), "en", at)
    counting.clear()
    actions.save_answer(attempt.id, cast.amir, second.id, sent(attempt, second), "en", at)
    assert len(counting) <= 9, "\n".join(counting)


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_the_pages_speak_the_readers_language(attempt, app, as_, cast, lang):
    client = as_(cast.amir)
    client.post("/language", data={"language": lang})
    page = client.get(f"/quiz-attempts/{attempt.id}").text
    assert f'<html lang="{lang}"' in page
    assert questions(attempt)[0].stem.of(lang)[:20] in page.replace("&#39;", "'").replace("&#34;", '"')


def test_handing_in_with_open_questions_is_asked_about_first(attempt, cast, as_, at):
    client, address = as_(cast.amir), f"/quiz-attempts/{attempt.id}/handing-in"
    first, *rest = questions(attempt)
    actions.save_answer(attempt.id, cast.amir, first.id, sent(attempt, first), "en", at)
    db.session.commit()
    for asking in (client.post(address), client.get(address)):
        assert asking.status_code == 200
        assert f"{len(rest)} questions have no answer yet" in asking.text
        assert f'href="/quiz-attempts/{attempt.id}#q-{rest[0].id}"' in asking.text
        assert 'name="anyway" value="1"' in asking.text
    db.session.refresh(attempt)
    assert attempt.handed_in_at is None
    assert client.post(address, data={"anyway": "1"}).location.endswith("/result")
    db.session.refresh(attempt)
    assert attempt.handed_in_at is not None
    assert client.get(address).location.endswith("/result")


def test_the_last_question_leads_to_the_last_step_and_handing_in_waits_in_the_queue(attempt, as_, cast):
    page = as_(cast.amir).get(f"/quiz-attempts/{attempt.id}").get_data(as_text=True)
    assert page.count("<span>Next question</span>") == len(attempt.drawn) - 1
    assert page.count("<span>Go to the last step</span>") == 1
    last = page[page.index('id="hand-in"') :]
    assert last.index("data-player") < last.index(f'name="key" value="hand-in-{attempt.id}"')
    assert "data-when-waiting hidden" in last


def test_handing_in_with_every_answer_given_is_taken_at_once(attempt, cast, as_, at):
    answer_all(attempt, at)
    db.session.commit()
    assert as_(cast.amir).post(f"/quiz-attempts/{attempt.id}/handing-in").location.endswith("/result")


def test_when_the_time_is_over_nothing_is_asked(rules, cast, as_, at):
    rules(minutes=10)
    attempt = actions.begin(cast.amir, "greeting", at)
    db.session.commit()
    assert as_(cast.amir).post(f"/quiz-attempts/{attempt.id}/handing-in").location.endswith("/result")


def test_a_card_named_with_blanks_inside_the_braces_is_filled_too(attempt):
    question = questions(attempt)[0].model_copy(update={"stem": Text(tr="{{ card:late-delivery }}?", en="{{ card:late-delivery }}?")})
    stem = library.asked(question, attempt.seed, "en")["stem"]
    assert '<a class="card-name" href="/cards/late-delivery">' in stem
    assert "{{" not in stem


def test_the_page_before_a_quiz_says_what_its_clock_and_its_tries_mean(as_, cast, rules):
    amir = as_(cast.amir)
    plain = amir.get("/quizzes/greeting/").text
    assert "The clock starts" not in plain
    assert "Your tries are counted" not in plain
    rules(minutes=30)
    timed = amir.get("/quizzes/greeting/").text
    assert "30 minutes" in timed
    assert "The clock starts when you press the button" in timed
    assert "You can begin again as often as you like." in timed
    rules(attempts=2)
    counted = amir.get("/quizzes/greeting/").text
    assert "2 left" in counted
    assert "Your tries are counted" in counted
