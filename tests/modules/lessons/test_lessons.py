"""Reading a lesson: resuming, checks in place, notes that are one's own."""

import re

import pytest
from sqlalchemy import func, select

from trainee.evidence.models import Evidence
from trainee.kit.db import db
from trainee.modules.lessons import CheckAnswer, LessonNote, LessonProgress, queries
from trainee.modules.library import from_folder, module_or_404, publish
from trainee.modules.progress import PartDone
from trainee.modules.questions import as_multi, kind_of

FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def lesson(app):
    _version, content = module_or_404("greeting")
    return content.lessons[0]


@pytest.fixture
def page(lesson):
    return f"/learn/greeting/{lesson.key}"


def sent(lesson, person_id, question, right=True):
    version_id, _content = module_or_404("greeting")
    kind = kind_of(question)
    answer = kind.right(question) if right else {"chosen": next(option.id for option in question.options if not option.correct)}
    form = dict(as_multi(kind.form(question, answer, queries.seed_of(person_id, version_id, lesson.key))))
    return form | {"version": str(version_id), "key": "k"}


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_lesson_is_read_in_both_languages(as_, cast, page, lesson):
    client = as_(cast.amir)
    assert lesson.title.en in client.get(page).text
    client.post("/language", data={"language": "tr"})
    assert lesson.title.tr in client.get(page).text


def test_an_unanswered_check_tells_nothing_and_an_answered_one_says_why(as_, cast, page, lesson):
    client = as_(cast.amir)
    question = lesson.checks[0]
    whys = [option.why.en for option in question.options]
    assert not any(why in client.get(page).text for why in whys)
    answer = client.post(f"{page}/checks/{question.id}", data=sent(lesson, cast.amir, question), headers=FRAGMENT)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    right = next(option for option in question.options if option.correct)
    assert right.why.en in answer.text.replace("&#39;", "'").replace("&#34;", '"')


def test_the_first_answer_counts_and_sending_it_again_changes_nothing(as_, cast, page, lesson):
    client = as_(cast.amir)
    question = lesson.checks[0]
    for right in (False, True, False):
        assert client.post(f"{page}/checks/{question.id}", data=sent(lesson, cast.amir, question, right)).status_code == 303
    assert db.session.execute(select(CheckAnswer.score)).scalars().all() == [0.0]
    row = db.session.execute(select(Evidence)).scalar_one()
    assert (row.source, row.score, row.item) == ("embedded_check", 0.0, f"greeting/{lesson.key}/{question.id}")


def test_a_lesson_is_done_when_its_checks_are_answered(as_, cast, page, lesson):
    client = as_(cast.amir)
    assert count(PartDone) == 0
    for question in lesson.checks:
        client.post(f"{page}/checks/{question.id}", data=sent(lesson, cast.amir, question))
    assert db.session.execute(select(PartDone.part)).scalars().all() == [f"lesson/{lesson.key}"]


def test_reading_goes_on_where_it_stopped(as_, cast, page, lesson):
    client = as_(cast.amir)
    assert client.post(f"{page}/place", data={"paragraph": "p5"}).status_code == 204
    assert client.post(f"{page}/place", data={"paragraph": "7"}).status_code == 204
    text = client.get(page).text
    assert 'data-at="p7"' in text
    assert 'href="#p7"' in text
    assert client.post(f"{page}/place", data={"paragraph": "99999"}).status_code == 204
    assert db.session.scalar(select(LessonProgress.paragraph)) < 500
    assert client.post(f"{page}/place", data={"paragraph": "first"}).status_code == 422


def test_a_note_is_kept_and_is_nobody_elses(as_, cast, page):
    assert as_(cast.amir).post(f"{page}/note", data={"note": "Ask for the name."}).status_code == 303
    assert "Ask for the name." in as_(cast.amir).get(page).text
    for other in (cast.beth, cast.chloe, cast.ela):
        assert "Ask for the name." not in as_(other).get(page).text


def test_a_note_that_is_too_long_says_so_and_stays_in_its_field(as_, cast, page):
    answer = as_(cast.amir).post(f"{page}/note", data={"note": "x" * 10_001})
    assert answer.status_code == 422
    assert "x" * 10_001 in answer.text
    assert count(LessonNote) == 0


def test_no_answer_and_a_question_that_is_not_there(as_, cast, page, lesson):
    client = as_(cast.amir)
    question = lesson.checks[0]
    empty = {name: value for name, value in sent(lesson, cast.amir, question).items() if name in ("version", "key")}
    answer = client.post(f"{page}/checks/{question.id}", data=empty)
    assert answer.status_code == 422
    assert "Choose" in answer.text
    assert client.post(f"{page}/checks/nothing", data=sent(lesson, cast.amir, question)).status_code == 404
    assert client.get("/learn/greeting/no-such-lesson").status_code == 404
    assert client.get("/learn/no-such-module/x").status_code == 404
    assert count(CheckAnswer) == 0


def test_a_page_from_before_a_new_version_gets_a_clear_answer_and_changes_nothing(as_, cast, page, lesson, at, tmp_path, shipped):
    stale = sent(lesson, cast.amir, lesson.checks[0])
    folder = tmp_path / "greeting"
    folder.mkdir()
    for file in (shipped / "modules" / "greeting").iterdir():
        text = file.read_text(encoding="utf-8")
        (folder / file.name).write_text(
            re.sub(r"^minutes: \d+$", "minutes: 36", text, flags=re.MULTILINE) if file.name == "module.yaml" else text, encoding="utf-8"
        )
    publish(from_folder(folder, "modules/greeting"), at)
    db.session.commit()
    answer = as_(cast.amir).post(f"{page}/checks/{lesson.checks[0].id}", data=stale)
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.text
    assert count(CheckAnswer) == 0


def test_beside_the_words_stand_the_note_and_every_lesson_of_the_module(as_, cast, page, lesson):
    html = as_(cast.amir).get(page).text
    rail = html[html.index('class="rail"') : html.index('class="lesson-way"')]
    assert 'id="note"' in rail
    content = module_or_404("greeting")[1]
    assert [key for key in (one.key for one in content.lessons) if f'/learn/greeting/{key}"' in rail] == [one.key for one in content.lessons]
    assert rail.count("aria-current") == 1
    assert f'/learn/greeting/{lesson.key}" aria-current="page"' in rail


def test_the_page_takes_the_same_statements_however_much_was_done(as_, cast, page, lesson, counting):
    client = as_(cast.amir)
    client.get(page)
    counting.clear()
    client.get(page)
    before = len(counting)
    for question in lesson.checks:
        client.post(f"{page}/checks/{question.id}", data=sent(lesson, cast.amir, question))
    client.post(f"{page}/note", data={"note": "A note"})
    counting.clear()
    client.get(page)
    assert len(counting) == before <= 5, "\n".join(counting)


def test_a_drawing_is_shown_with_its_description_and_can_do_nothing_but_be_seen(as_, cast):
    beth = as_(cast.beth)
    page = beth.get("/learn/our-service/service-tree").text
    assert 'src="pictures/service-tree-' in page
    assert 'alt="' in page
    answer = beth.get("/learn/our-service/pictures/service-tree-tr.svg")
    assert answer.content_type == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for name in ("no-such.svg", "module.yaml", "..%2Fmodule.yaml"):
        assert beth.get(f"/learn/our-service/pictures/{name}").status_code == 404
