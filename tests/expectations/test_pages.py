"""The pages of what is expected, for whom it is expected of and for those who set it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import insert, select, update

from trainee import expectations, profile
from trainee.expectations import Expectation, ExpectationAnswer, ExpectationDraft, Scope
from trainee.expectations.actions import start_draft
from trainee.kit import trtext
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.people import actions as people
from trainee.people.models import Person, ReportingLine, Team

WHOLE = {"why": "Customers say they are cut short.", "ways": ["observation", "customers"], "rhythm": "fortnightly", "audience": "nobody"}


@pytest.fixture
def ours(app):
    return db.session.scalar(select(Team.id).where(Team.name == "Ours"))


def words(answer) -> str:
    """What the reader sees."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text.split("<main")[1].split("</main>")[0])))


def today():
    return local_date(now(), "Europe/Istanbul")


def first_step(person_id, **more):
    return {"whom": f"person/{person_id}", "skill": "empathy", "level": "3", "starts_on": today().isoformat(), "ends_on": "", "receipt": "r1", **more}


def begin(browser, person_id, **more) -> str:
    """Go through the first step; the address of the draft."""
    answer = browser.post("/expectations/new", data=first_step(person_id, **more))
    assert answer.status_code == 303, words(answer)
    return answer.location


def count(model=Expectation) -> int:
    return len(db.session.execute(select(model.id)).all())


# Writing


def test_a_supervisor_issues_in_two_steps_and_the_person_reads_it_on_today_in_one_tap(as_, cast):
    chloe = as_(cast.chloe)
    draft = begin(chloe, cast.amir)
    page = chloe.get(draft)
    assert "What Proficient looks like" in words(page)
    # What it must say before it is issued is not called optional.
    for name in ("Why", "How it is monitored", "How often somebody looks", "Who else sees it"):
        assert f"{name} optional" not in words(page), name
    assert count() == 0
    issued = chloe.post(draft, data={**WHOLE, "revision": "1", "do": "issue"})
    assert issued.status_code == 303
    amir = as_(cast.amir)
    assert f'href="{issued.location}"' in amir.get("/").text
    told = words(amir.get(issued.location))
    for sentence in ("Customers say they are cut short.", "Observations at work, Customers' answers", "Twice a month", "Nobody else", "Chloe Irmak"):
        assert sentence in told, sentence
    assert amir.post(f"{issued.location}/acknowledgement").status_code == 303
    assert f'href="{issued.location}"' not in amir.get("/").text
    assert "Amir Kaya" in words(chloe.get(issued.location))
    assert "1 of 1 have acknowledged it." in words(chloe.get(issued.location))


def test_it_is_read_in_the_readers_own_language(as_, cast, expects_now, person):
    made = expects_now("person", cast.amir, words_en="Sums up in her own words before acting.", words_tr="Önce kendi cümlesiyle özetler.")
    english = words(as_(cast.amir).get(f"/expectations/{made}"))
    person(cast.amir).language = "tr"
    db.session.commit()
    turkish = words(as_(cast.amir).get(f"/expectations/{made}"))
    row = db.session.get_one(Expectation, made)
    for tr, en in row.anchors:
        assert tr in turkish
        assert en in english
    assert "Önce kendi cümlesiyle özetler." in turkish
    assert "Sums up in her own words" not in turkish
    assert "Sums up in her own words" in english


def test_wording_in_one_language_is_shown_and_marked_with_it(as_, cast, expects_now):
    made = expects_now("person", cast.amir, words_tr="Önce kendi cümlesiyle özetler.")
    assert re.search(r'<p[^>]*lang="tr">Önce kendi cümlesiyle özetler.</p>', as_(cast.amir).get(f"/expectations/{made}").text)


def test_each_wrong_field_of_the_first_step_has_its_sentence_and_keeps_what_was_typed(as_, cast):
    chloe = as_(cast.chloe)
    wrong = first_step(cast.amir, skill="", level="", ends_on=(today() - timedelta(days=3)).isoformat())
    answer = chloe.post("/expectations/new", data=wrong)
    assert answer.status_code == 422
    for sentence in ("Please choose a skill.", "Please choose a level.", "It has to end after it begins."):
        assert sentence in words(answer)
    assert f'value="person/{cast.amir}" selected' in answer.text
    assert f'value="{wrong["ends_on"]}"' in answer.text
    assert count(ExpectationDraft) == 0


def test_what_lacks_something_is_not_issued_and_nothing_typed_is_lost(as_, cast):
    chloe = as_(cast.chloe)
    draft = begin(chloe, cast.amir)
    answer = chloe.post(draft, data={"why": " ", "words_en": "Be friendlier.", "revision": "1", "do": "issue"})
    assert answer.status_code == 422
    told = words(answer)
    for sentence in (
        "Please say why",
        "how it will be monitored",
        "how often somebody looks",
        "who else will see it",
        "Two people could not agree whether they saw",
    ):
        assert sentence in told, sentence
    assert "Be friendlier." in answer.text
    assert count() == 0
    assert "Be friendlier." in chloe.get(draft).text


def test_a_better_example_comes_from_the_anchors_of_the_level(as_, cast):
    chloe = as_(cast.chloe)
    draft = begin(chloe, cast.amir)
    answer = chloe.post(draft, data={**WHOLE, "words_tr": "Daha güler yüzlü olun.", "revision": "1", "do": "issue"})
    found = db.session.scalar(select(ExpectationDraft))
    from_level = [words.tr for words in expectations.actions.framework().skill(found.skill).anchors[3]]
    assert any(f"“{anchor}”" in words(answer) for anchor in from_level)


def test_a_draft_may_lack_everything_and_tells_nobody(as_, cast):
    chloe = as_(cast.chloe)
    draft = begin(chloe, cast.amir)
    assert chloe.post(draft, data={"why": "", "revision": "1", "do": "save"}).status_code == 303
    assert count() == 0
    assert "Nothing was set for you" in words(as_(cast.amir).get("/expectations"))
    listed = chloe.get("/expectations/people")
    assert f'href="{draft}"' in listed.text
    assert chloe.post(f"{draft}/discard").status_code == 303
    assert f'href="{draft}"' not in chloe.get("/expectations/people").text
    assert chloe.get(draft).status_code == 409


def test_pressing_issue_twice_issues_once(as_, cast):
    chloe = as_(cast.chloe)
    draft = begin(chloe, cast.amir)
    assert begin(chloe, cast.amir) == draft
    first = chloe.post(draft, data={**WHOLE, "revision": "1", "do": "issue"})
    second = chloe.post(draft, data={**WHOLE, "revision": "1", "do": "issue"})
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count() == 1


def test_two_who_edit_one_draft_never_overwrite_each_other_and_the_later_one_sees_both_texts(as_, cast):
    chloe, hana = as_(cast.chloe), as_(cast.hana)
    draft = begin(chloe, cast.amir)
    assert hana.get(draft).status_code == 200
    assert hana.post(draft, data={**WHOLE, "why": "Hana's reason.", "revision": "1", "do": "save"}).status_code == 303
    answer = chloe.post(draft, data={**WHOLE, "why": "Chloe's reason.", "revision": "1", "do": "issue"})
    assert answer.status_code == 422
    told = words(answer)
    assert "Hana İpek has saved something else meanwhile" in told
    assert "Hana's reason." in told
    assert "Chloe's reason." in told
    db.session.expire_all()
    assert db.session.scalar(select(ExpectationDraft.why)) == "Hana's reason."
    assert count() == 0
    assert 'name="revision" type="hidden" value="2"' in answer.text
    assert chloe.post(draft, data={**WHOLE, "why": "Both.", "revision": "2", "do": "issue"}).status_code == 303


def test_two_who_edit_the_first_step_see_both_choices(as_, cast):
    chloe, hana = as_(cast.chloe), as_(cast.hana)
    draft = begin(chloe, cast.amir)
    assert hana.post(f"{draft}/whom", data={**first_step(cast.amir, level="4"), "revision": "1"}).status_code == 303
    answer = chloe.post(f"{draft}/whom", data={**first_step(cast.amir, level="2"), "revision": "1"})
    assert answer.status_code == 422
    assert "Hana İpek has saved something else meanwhile" in words(answer)
    assert "Role model" in words(answer)
    assert chloe.post(f"{draft}/whom", data={**first_step(cast.amir, level="2"), "revision": "2"}).status_code == 303
    db.session.expire_all()
    assert db.session.scalar(select(ExpectationDraft.level)) == 2


def test_a_draft_that_lay_too_long_says_which_day_has_passed(as_, cast):
    chloe = as_(cast.chloe)
    draft = begin(chloe, cast.amir)
    db.session.execute(update(ExpectationDraft).values(starts_on=today() - timedelta(days=4)))
    db.session.commit()
    answer = chloe.post(draft, data={**WHOLE, "revision": "1", "do": "issue"})
    assert answer.status_code == 422
    assert "Nobody can be expected to have known yesterday." in words(answer)
    assert "Customers say they are cut short." in answer.text
    assert count() == 0


def test_a_draft_that_is_turned_to_somebody_else_takes_the_place_of_what_stands_for_her(as_, cast, expects_now):
    amirs = expects_now("person", cast.amir)
    beths = expects_now("person", cast.beth)
    chloe = as_(cast.chloe)
    draft = chloe.post(f"/expectations/{amirs}/change").location
    assert chloe.post(f"{draft}/whom", data={**first_step(cast.beth), "revision": "1"}).status_code == 303
    assert chloe.post(draft, data={**WHOLE, "revision": "2", "do": "issue"}).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Expectation, amirs).closed_at is None
    assert db.session.get_one(Expectation, beths).closed_at is not None


def test_nothing_is_answered_by_itself_and_what_was_chosen_last_is_one_tap_away(as_, cast, expects_now):
    expects_now("person", cast.beth, "greeting", rhythm="weekly", ways=("quiz",), why="An old reason.")
    chloe = as_(cast.chloe)
    draft = begin(chloe, cast.amir)
    page = chloe.get(draft)
    assert " checked" not in page.text
    assert "Last time: Quizzes · Every week · Nobody else" in words(page)
    # What she has typed meanwhile stays.
    assert chloe.post(draft, data={"why": "A new reason.", "revision": "1", "do": "last"}).location == draft
    page = chloe.get(draft)
    assert all(f'value="{value}" checked' in page.text for value in ("quiz", "weekly", "nobody"))
    assert "A new reason." in page.text and "An old reason." not in page.text
    assert "Last time" not in words(page)


def test_what_has_not_begun_is_neither_reached_nor_missed_and_says_when_it_begins(as_, cast, expects_now):
    seen = [now() - timedelta(days=20 - number) for number in range(12)]
    profile.record(
        [profile.Showing(cast.amir, "empathy", "observation_line", 1.0, "o", when, str(when), actor_id=cast.chloe) for when in seen], now()
    )
    begins = today() + timedelta(days=3)
    made = expects_now("person", cast.amir, starts_on=begins, ends_on=begins + timedelta(days=30))
    said = f"Begins on {begins.day} {begins:%b} {begins.year}"
    amir, chloe = as_(cast.amir), as_(cast.chloe)
    for browser, url in ((amir, "/expectations"), (amir, f"/expectations/{made}"), (chloe, f"/expectations/{made}"), (chloe, "/expectations/people")):
        told = browser.get(url).text.split("<main")[1].split('id="usual"')[0]
        assert f">{said}<" in told, url
        assert "badge-good" not in told and "badge-warn" not in told, url
    assert said in words(chloe.get("/expectations/people?status=coming"))
    assert said not in words(chloe.get("/expectations/people?status=reached"))


def test_a_change_makes_a_version_and_asks_again(as_, cast, expects_now):
    made = expects_now("person", cast.amir)
    expectations.acknowledge(made, cast.amir, now())
    db.session.commit()
    chloe = as_(cast.chloe)
    draft = chloe.post(f"/expectations/{made}/change").location
    assert chloe.post(f"/expectations/{made}/change").location == draft
    assert chloe.post(f"{draft}/whom", data={**first_step(cast.amir, level="4"), "revision": "1"}).status_code == 303
    issued = chloe.post(draft, data={**WHOLE, "revision": "2", "do": "issue"})
    assert issued.status_code == 303
    amir = as_(cast.amir)
    assert f'href="{issued.location}"' in amir.get("/").text
    assert "Another version has taken its place" in words(amir.get(f"/expectations/{made}"))
    assert chloe.post(f"/expectations/{made}/change").status_code == 409
    assert "Changed" in words(amir.get("/expectations"))


def test_ending_early_needs_a_reason_that_is_read(as_, cast, expects_now):
    made = expects_now("person", cast.amir)
    chloe = as_(cast.chloe)
    assert chloe.post(f"/expectations/{made}/end", data={"reason": " "}).status_code == 422
    assert chloe.post(f"/expectations/{made}/end", data={"reason": "He works at the desk now."}).status_code == 303
    assert "He works at the desk now." in words(as_(cast.amir).get(f"/expectations/{made}"))
    assert "Ended early" in words(as_(cast.amir).get("/expectations"))
    assert as_(cast.amir).post(f"/expectations/{made}/acknowledgement").status_code == 409


# Objecting


def test_an_objection_reaches_the_setter_who_answers_it(as_, cast, expects_now):
    made = expects_now("person", cast.amir)
    amir, chloe = as_(cast.amir), as_(cast.chloe)
    assert amir.post(f"/expectations/{made}/objections", data={"note": " ", "receipt": "o1"}).status_code == 422
    for _press in range(2):
        assert amir.post(f"/expectations/{made}/objections", data={"note": "Two weeks are too few.", "receipt": "o1"}).status_code == 303
    assert count(ExpectationAnswer) == 1
    assert "1 objection waits for your answer." in words(chloe.get("/"))
    assert "Two weeks are too few." in words(chloe.get("/expectations/people"))
    answer_id = db.session.scalar(select(ExpectationAnswer.id))
    assert chloe.post(f"/expectations/objections/{answer_id}/reply", data={"reply": ""}).status_code == 422
    assert chloe.post(f"/expectations/objections/{answer_id}/reply", data={"reply": "Then four."}).status_code == 303
    told = words(amir.get(f"/expectations/{made}"))
    assert "Chloe Irmak answered: “Then four.”" in told
    assert "I have read it" in told


def test_when_the_setter_has_left_whoever_leads_now_sees_the_objection(as_, cast, expects_now, person):
    made = expects_now("person", cast.amir)
    expectations.object_to(made, cast.amir, "Too soon.", "o1", now())
    people.supervise(person(cast.amir), person(cast.dev), now())
    people.disable(person(cast.chloe), now(), None)
    db.session.commit()
    assert "Too soon." in words(as_(cast.dev).get("/expectations/people"))
    answer_id = db.session.scalar(select(ExpectationAnswer.id))
    assert as_(cast.dev).post(f"/expectations/objections/{answer_id}/reply", data={"reply": "Take your time."}).status_code == 303
    assert words(as_(cast.amir).get(f"/expectations/{made}")).count("Chloe Irmak") == 1


# Rights


def test_for_a_team_its_leader_and_those_above_set_and_its_members_read(as_, cast, expects_now, ours):
    made = expects_now("team", ours)
    for who, status in (("chloe", 303), ("hana", 303), ("dev", 404), ("ela", 403), ("iris", 403), ("kai", 404), ("beth", 403)):
        assert as_(getattr(cast, who)).post(f"/expectations/{made}/change").status_code == status, who


def test_for_a_job_hr_sets_but_not_for_her_own(as_, cast, person):
    person(cast.ela).job = "HR partner"
    db.session.commit()
    ela = as_(cast.ela)
    page = ela.get("/expectations/new").text
    assert 'value="job/adviser"' in page
    assert "job/HR partner" not in page
    draft = begin(ela, 0, whom="job/adviser")
    assert ela.post(draft, data={**WHOLE, "revision": "1", "do": "issue"}).status_code == 303
    assert "For everybody in the job" in words(as_(cast.zoe).get("/expectations"))
    assert as_(cast.chloe).get(draft).status_code == 404


def test_whom_one_may_not_set_for_is_no_choice(as_, cast):
    for who, whom in (("chloe", cast.chloe), ("chloe", cast.gus), ("iris", cast.amir), ("kai", cast.amir)):
        answer = as_(getattr(cast, who)).post("/expectations/new", data=first_step(whom))
        assert answer.status_code == 422, (who, whom)
    assert count(ExpectationDraft) == 0


def test_in_a_loop_of_old_lines_nobody_sets_for_herself(as_, cast, at):
    db.session.execute(update(ReportingLine).where(ReportingLine.person_id == cast.chloe).values(supervisor_id=cast.amir))
    people.set_roles(db.session.get_one(Person, cast.amir), ("employee", "supervisor"), at, None)
    db.session.commit()
    page = as_(cast.chloe).get("/expectations/new")
    assert page.status_code == 200
    assert f'value="person/{cast.amir}"' in page.text
    assert f'value="person/{cast.chloe}"' not in page.text
    assert as_(cast.chloe).post("/expectations/new", data=first_step(cast.chloe)).status_code == 422


def test_who_moved_yesterday_is_no_longer_the_old_supervisors(as_, cast, expects_now, person):
    made = expects_now("person", cast.amir)
    people.supervise(person(cast.amir), person(cast.dev), now() - timedelta(days=1))
    people.end_line(cast.amir, cast.iris, now(), "dotted")
    db.session.commit()
    assert as_(cast.chloe).get(f"/expectations/{made}").status_code == 404
    assert as_(cast.dev).get(f"/expectations/{made}").status_code == 200
    assert as_(cast.dev).post(f"/expectations/{made}/change").status_code == 303
    assert "Amir" not in words(as_(cast.chloe).get("/expectations/people"))


# Lists


def test_the_page_says_which_applies_and_what_it_overrides(as_, cast, expects_now, ours):
    team = expects_now("team", ours, level=2)
    own = expects_now("person", cast.amir, level=3)
    amir = as_(cast.amir)
    assert "Goes before: For the whole team: Developing, For everybody with experience: Proficient" in words(amir.get("/expectations"))
    page = amir.get(f"/expectations/{own}")
    assert "It is set for one person alone" in words(page)
    assert f'href="/expectations/{team}"' in page.text
    assert "does not apply just now, because something nearer goes before it" in words(amir.get(f"/expectations/{team}"))


def test_the_list_is_narrowed_by_skill_status_and_answer(as_, cast, expects_now, ours):
    expects_now("team", ours, "empathy")
    own = expects_now("person", cast.beth, "greeting")
    expectations.acknowledge(own, cast.beth, now())
    db.session.commit()
    chloe = as_(cast.chloe)

    def rows(query: str) -> set[str]:
        return set(re.findall(r'href="/people/(\d+)/expectations"', chloe.get(f"/expectations/people?{query}").text))

    both = {str(cast.amir), str(cast.beth)}
    assert rows("") == both
    assert rows("skill=greeting") == {str(cast.beth)}
    assert rows("answer=acknowledged") == {str(cast.beth)}
    assert rows("answer=waiting") == both
    assert rows("status=unknown") == both
    assert rows("status=reached") == set()
    assert rows("q=AMİR") == {str(cast.amir)}


def test_what_ran_out_unreached_stays_on_the_list_for_a_month(as_, cast, expects_now, app):
    expects_now("person", cast.amir, when=now() - timedelta(days=40), ends_on=today() - timedelta(days=10))
    chloe = as_(cast.chloe)
    # Nothing was shown, so nobody can say that it was missed.
    assert "Not reached in time" not in words(chloe.get("/expectations/people")).split("Acknowledged")[-1]
    assert "Not enough evidence yet" in words(as_(cast.amir).get("/expectations")).split("Earlier")[-1]


@pytest.mark.parametrize(("address", "who", "most"), [("/expectations", "amir", 4), ("/expectations/people", "chloe", 8)])
def test_it_takes_as_many_statements_however_much_there_is(as_, cast, expects_now, ours, counting, address, who, most):
    expects_now("team", ours)
    browser = as_(getattr(cast, who))
    browser.get(address)
    counting.clear()
    browser.get(address)
    few = len(counting)
    for number in range(12):
        one = people.add_person(username=f"n{number}", name=f"N {number}", job="adviser", at=now(), team_id=ours, roles=("employee",))
        people.supervise(one, db.session.get_one(Person, cast.chloe), now())
        expects_now("person", one.id, "greeting")
    expects_now("team", ours, "greeting")
    counting.clear()
    browser.get(address)
    assert len(counting) == few <= most


def test_a_draft_of_somebody_elses_people_is_not_there(as_, cast, terms, at):
    draft_id = start_draft(Scope("person", cast.amir), terms(), by_id=cast.chloe, at=at, receipt="x")
    db.session.commit()
    for who in ("amir", "dev", "iris", "kai", "ela", "ada"):
        assert as_(getattr(cast, who)).get(f"/expectations/drafts/{draft_id}").status_code in {403, 404}, who


def test_of_more_than_five_hundred_people_the_list_goes_on_from_block_to_block(as_, cast, at, expect):
    """Nobody is left out: the last page of a block leads to the first of the next."""
    rows = [{"id": 1000 + number, "username": f"n{number}", "username_key": f"n{number}", "name": f"Zz {number:03}"} for number in range(490)]
    same = {"job": "porter", "language": "en", "time_zone": "Europe/Istanbul", "created_at": at}
    db.session.execute(insert(Person), [row | same | {"name_sort": trtext.sort_key(row["name"])} for row in rows])
    expect("job", "porter", by=cast.ela, when=now() - timedelta(days=1))
    hr = as_(cast.ela)
    assert "by name; of these the most urgent first" not in hr.get("/expectations/people?q=zz").text
    seen, url, pages = set(), "/expectations/people", 0
    while url:
        html = hr.get(url).text
        pages += 1
        seen |= set(re.findall(r">(Zz \d+)<", html))
        found = re.search(r'rel="next" href="([^"]+)"', html)
        url = unescape(found[1]) if found else ""
    assert "People 501 to 502 of 502, by name" in html
    assert seen == {row["name"] for row in rows}
    assert pages > 12
