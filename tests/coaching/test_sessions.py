"""Coaching sessions: promised, prepared by both, held with one agreed action, and looked back at."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from trainee import profile
from trainee.coaching import Line, observe, sessions
from trainee.coaching.observations import planned_for
from trainee.coaching.sessions import CoachingSession, PrivateNote, SessionPart, queries
from trainee.coaching.sessions.actions import Overtaken
from trainee.coaching.sessions.forms import hints, several
from trainee.kit.audit import AuditEntry
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import force_locale, moment_words
from trainee.people import Person, ReportingLine
from trainee.people import actions as people
from trainee.people.queries import leaders_of
from trainee.privacy import due_for_deletion

SECRET_OF_CHLOE, SECRET_OF_AMIR = "Ask about the night shifts.", "I am afraid of this talk."


def see(cast, moment, level=2, number=0, skill="empathy"):
    """Somebody observes Amir."""
    note = "Interrupted twice." if level in (1, 4) else ""
    return observe(
        observer_id=cast.chloe,
        person_id=cast.amir,
        seen_at=moment,
        channel="phone",
        lines=[Line(skill, level, note)],
        shared="",
        receipt=f"seen {moment} {number}",
        at=moment,
    )


def arranged(cast, at, **change):
    """A session Chloe promises Amir."""
    values = {"coach_id": cast.chloe, "person_id": cast.amir, "skill": "empathy", "promised_at": at + timedelta(days=2), "receipt": "once", "at": at}
    return sessions.arrange(**values | change)


@pytest.fixture
def talk(cast, at):
    """Chloe promised Amir a talk about empathy, which she saw the day before; today is the day of the clock, since pages ask it."""
    see(cast, at - timedelta(days=1))
    made = arranged(cast, now())
    db.session.commit()
    return made


@pytest.fixture
def row(talk):
    """Its row."""
    return lambda: db.session.get_one(CoachingSession, talk, populate_existing=True)


def agreed(row, cast, moment, **change):
    day = moment.date()
    words = {
        "seen": "She was cut short twice.",
        "action": "Let her finish first.",
        "action_by": day + timedelta(days=7),
        "follow_up_on": day + timedelta(days=14),
    }
    return sessions.agree(row, by_id=cast.chloe, at=moment, **words | change)


# Preparing and promising -----------------------------------------------------------------------------------------------------


def test_one_tap_from_amirs_page_chloe_finds_what_to_talk_about_and_promises_the_talk(cast, as_, at):
    see(cast, at, 1)
    db.session.commit()
    client = as_(cast.chloe)
    page = f"/people/{cast.amir}/coaching"
    assert page in client.get(f"/people/{cast.amir}").text
    shown = client.get(page).text
    assert "Interrupted twice." in shown
    assert "Empathy" in shown
    when = (now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    sent = client.post(page, data={"skill": "empathy", "promised_at": when, "receipt": "p-1"})
    assert sent.status_code == 303
    kept = db.session.execute(select(CoachingSession)).scalar_one()
    assert (kept.coach_id, kept.person_id, kept.skill_key) == (cast.chloe, cast.amir, "empathy")
    assert client.post(page, data={"skill": "empathy", "promised_at": when, "receipt": "p-1"}).location == sent.location
    assert db.session.scalar(select(func.count()).select_from(CoachingSession)) == 1
    assert "Empathy" in as_(cast.amir).get("/coaching").text


def test_the_promise_stands_on_the_today_page_of_both_and_of_nobody_who_led_him_before(cast, as_, talk, person):
    assert "Coaching session about Empathy" in as_(cast.amir).get("/").text
    assert "Coaching session with Amir Kaya about Empathy" in as_(cast.chloe).get("/").text
    assert "Amir Kaya" not in as_(cast.hana).get("/").text
    people.supervise(person(cast.amir), person(cast.dev), now(), "direct")
    db.session.commit()
    assert "Amir Kaya" not in as_(cast.chloe).get("/").text


def test_a_talk_without_evidence_is_refused(cast, at):
    with pytest.raises(Refusal, match="nothing to talk about"):
        arranged(cast, at)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"promised_at": timedelta(days=-1)}, "has passed"),
        ({"promised_at": timedelta(days=300)}, "half a year"),
        ({"skill": "juggling"}, "choose the skill"),
    ],
)
def test_a_promise_that_makes_no_sense_is_refused(cast, at, change, says):
    see(cast, at)
    values = {name: at + value if isinstance(value, timedelta) else value for name, value in change.items()}
    with pytest.raises(Refusal, match=says):
        arranged(cast, at, **values)


def test_a_bad_form_says_what_is_missing_and_promises_nothing(cast, as_, at):
    see(cast, at)
    db.session.commit()
    page = f"/people/{cast.amir}/coaching"
    for data in (
        {},
        {"skill": "empathy", "promised_at": "2001-01-01T10:00", "receipt": "r"},
        {"skill": "juggling", "promised_at": "x", "receipt": "r"},
    ):
        answer = as_(cast.chloe).post(page, data=data)
        assert answer.status_code == 422
    assert db.session.execute(select(CoachingSession)).first() is None


def test_nobody_coaches_herself_in_the_action_and_in_the_database(cast, at, talk):
    with pytest.raises(Refusal, match="herself"):
        arranged(cast, at, person_id=cast.chloe, receipt="r")
    with pytest.raises(IntegrityError):
        db.session.execute(update(CoachingSession).values(coach_id=cast.amir))


# Writing ---------------------------------------------------------------------------------------------------------------------


def post(client, talk, part, version, **words):
    return client.post(f"/coaching/{talk}/parts/{part}", data={"version": version, **words})


def test_both_sides_write_and_each_reads_what_is_shared(cast, as_, talk):
    assert post(as_(cast.chloe), talk, "coach", 0, situation="Tuesday, wrong invoice.", behaviour="You spoke over her.", impact="").status_code == 303
    assert post(as_(cast.amir), talk, "person", 0, agenda="The queue.", view="She had called twice.").status_code == 303
    assert post(as_(cast.amir), talk, "talk", 0, goal="Hear people out.").status_code == 303
    for who in (cast.chloe, cast.amir, cast.hana, cast.iris):
        text = as_(who).get(f"/coaching/{talk}").text
        for words in ("You spoke over her.", "She had called twice.", "Hear people out."):
            assert words in text
    assert "impact is still open" in as_(cast.chloe).get(f"/coaching/{talk}").text
    assert "impact is still open" not in as_(cast.amir).get(f"/coaching/{talk}").text


def test_nobody_writes_on_the_other_side(cast, as_, talk):
    assert post(as_(cast.amir), talk, "coach", 0, impact="Nothing.").status_code == 403
    assert post(as_(cast.chloe), talk, "person", 0, view="All was well.").status_code == 403
    assert post(as_(cast.chloe), talk, "nonsense", 0).status_code == 404
    assert db.session.execute(select(SessionPart)).first() is None


def test_private_notes_reach_nobody_else_on_any_page(cast, as_, talk):
    assert post(as_(cast.chloe), talk, "private", 0, note=SECRET_OF_CHLOE).status_code == 303
    assert post(as_(cast.amir), talk, "private", 0, note=SECRET_OF_AMIR).status_code == 303
    pages = ["/", "/coaching", f"/coaching/{talk}", f"/people/{cast.amir}", f"/people/{cast.amir}/coaching", "/team", "/coaching/supervisors", "/me"]
    for who in (cast.chloe, cast.amir, cast.hana, cast.iris, cast.kai, cast.ela, cast.ada, cast.ferit, cast.max):
        client = as_(who)
        told = "".join(client.get(page, follow_redirects=True).text for page in pages)
        assert (SECRET_OF_CHLOE in told) == (who == cast.chloe)
        assert (SECRET_OF_AMIR in told) == (who == cast.amir)


def test_private_notes_are_asked_for_by_one_statement_that_names_its_author(cast, as_, talk, counting):
    post(as_(cast.chloe), talk, "private", 0, note=SECRET_OF_CHLOE)
    assert queries.private_note(talk, cast.hana) is None
    assert queries.private_note(talk, cast.chloe).words == SECRET_OF_CHLOE
    counting.clear()
    for page in (f"/coaching/{talk}", "/coaching", f"/people/{cast.amir}/coaching", "/team"):
        as_(cast.hana).get(page)
    asking = [statement for statement in counting if "private_note" in statement]
    assert len(asking) == 1
    assert "private_note.author_id = " in asking[0]


def test_two_who_write_one_part_never_overwrite_each_other(cast, as_, talk):
    """Chloe and Iris both open the page; Iris saves first."""
    post(as_(cast.chloe), talk, "coach", 0, impact="The customer called again.")
    assert post(as_(cast.iris), talk, "coach", 1, impact="The customer called again, angry.").status_code == 303
    answer = post(as_(cast.chloe), talk, "coach", 1, impact="The customer left.", behaviour="You sighed.")
    assert answer.status_code == 409
    for words in ("The customer called again, angry.", "The customer left.", "You sighed.", "written here meanwhile"):
        assert words in answer.text
    assert 'name="version" value="2"' in answer.text
    assert db.session.execute(select(SessionPart.words)).scalar_one()["impact"] == "The customer called again, angry."
    assert post(as_(cast.chloe), talk, "coach", 2, impact="The customer called again, angry, and left.").status_code == 303
    assert post(as_(cast.chloe), talk, "coach", 2, impact="The customer called again, angry, and left.").status_code == 303
    assert db.session.execute(select(SessionPart.version)).scalar_one() == 3


def test_two_who_write_the_first_words_at_once_do_not_either(cast, at, row):
    assert sessions.write(row(), "talk", words={"goal": "One."}, version=0, by_id=cast.chloe, at=at)
    with pytest.raises(Overtaken):
        sessions.write(row(), "talk", words={"goal": "Two."}, version=0, by_id=cast.amir, at=at)
    assert sessions.write(row(), "talk", words={"goal": "One."}, version=0, by_id=cast.amir, at=at) is False
    assert sessions.write_private(row(), words="A.", version=0, author_id=cast.chloe, at=at)
    with pytest.raises(Overtaken):
        sessions.write_private(row(), words="B.", version=0, author_id=cast.chloe, at=at)
    assert db.session.execute(select(PrivateNote.words)).scalar_one() == "A."


@pytest.mark.parametrize("bad", [{"version": "x"}, {"version": "-1"}, {"version": ""}, {"situation": "x" * 401}])
def test_a_part_that_cannot_be_kept_is_refused_and_what_was_typed_stays(cast, as_, talk, bad):
    answer = as_(cast.chloe).post(f"/coaching/{talk}/parts/coach", data={"version": "0", "behaviour": "You listened."} | bad)
    assert answer.status_code == 422
    assert "You listened." in answer.text
    assert db.session.execute(select(SessionPart)).first() is None


@pytest.mark.parametrize("bad", [{"situation": "x" * 401}, {"version": "x"}, {"version": "-1"}, {"version": ""}])
def test_a_part_that_is_refused_and_mended_overwrites_nothing_that_was_written_meanwhile(cast, as_, talk, bad):
    """Chloe has opened version 1, Iris has saved version 2, and what Chloe sends is refused first."""
    post(as_(cast.chloe), talk, "coach", 0, impact="The customer called again.")
    post(as_(cast.iris), talk, "coach", 1, impact="She called again, angry.")
    sent = {"version": "1", "impact": "She left."}
    refused = as_(cast.chloe).post(f"/coaching/{talk}/parts/coach", data=sent | bad)
    assert refused.status_code == 422
    form = refused.text.split(f'action="/coaching/{talk}/parts/coach#coach"')[1]
    version = re.search(r'name="version" value="([0-9]+)"', form).group(1)
    mended = post(as_(cast.chloe), talk, "coach", version, impact="She left.")
    assert mended.status_code == 409
    assert "She called again, angry." in mended.text
    assert db.session.execute(select(SessionPart.words)).scalar_one()["impact"] == "She called again, angry."


def test_the_check_of_a_note_is_gentle(app):
    with force_locale("en"):
        assert hints({}) == []
        assert hints({"situation": "Tuesday.", "behaviour": "You spoke first.", "impact": "She hung up."}) == []
        assert len(hints({"situation": "Tuesday."})) == 2
        assert "verdict" in hints({"situation": "Tuesday.", "behaviour": "You always interrupt.", "impact": "She hung up."})[0]
        assert "verdict" in hints({"situation": "Salı.", "behaviour": "Yine İLGİSİZ davrandın.", "impact": "Kapattı."})[0]


@pytest.mark.parametrize(
    ("action", "many"),
    [
        ("Let the customer finish. Then sum up in one sentence, and only then open the record.", False),
        ("First greet by name, then ask, then sum up, and also send the note.", True),
        ("1. Greet by name\n2. Sum up", True),
        ("Önce sözünü bitirmesini bekleyin, sonra tek cümleyle özetleyin.", False),
        ("Adıyla karşılayın. Ayrıca görüşmeden sonra not gönderin.", True),
    ],
)
def test_a_list_of_actions_is_told_from_some_sentences_about_one(action, many):
    assert several(action) == many


# Agreeing --------------------------------------------------------------------------------------------------------------------


def test_a_held_session_has_exactly_one_action_with_its_dates_and_the_database_says_so(cast, as_, talk, row):
    day = now().date()
    data = {"action": "Let her finish first.", "action_by": str(day + timedelta(days=7)), "follow_up_on": str(day + timedelta(days=14))}
    # What it is about comes first: nothing was written of what was seen.
    refused = as_(cast.chloe).post(f"/coaching/{talk}/agreement", data=data)
    assert refused.status_code == 422
    assert "Please write in a sentence what was seen or heard" in refused.text
    assert re.search(r'<label[^>]*for="seen"[^>]*>\s*What was seen or heard\?\s*</label>', refused.text)
    data["seen"] = "She was cut short twice."
    for _press in range(2):
        assert as_(cast.chloe).post(f"/coaching/{talk}/agreement", data=data).status_code == 303
    assert as_(cast.chloe).post(f"/coaching/{talk}/agreement", data=data | {"action": "Another one."}).status_code == 409
    assert row().action == "Let her finish first."
    for who in (cast.amir, cast.chloe):
        text = as_(who).get(f"/coaching/{talk}").text
        assert "Let her finish first." in text
        assert "Too early to tell." in text
        # What was written is read; the boxes come with one tap.
        assert "She was cut short twice." in text
        assert text.index("Write more") < text.index("<textarea")
    for broken in ({"action": None}, {"action": ""}, {"follow_up_on": None}, {"action_by": None}, {"held_at": None}):
        with pytest.raises(IntegrityError):
            db.session.execute(update(CoachingSession).values(**broken))
        db.session.rollback()


@pytest.mark.parametrize(
    "bad", [{"action": " "}, {"action": "x" * 301}, {"action_by": "2001-01-01"}, {"follow_up_on": ""}, {"action_by": "2999-01-01"}]
)
def test_an_agreement_that_lacks_something_is_told_so(cast, as_, talk, row, bad):
    day = str(now().date() + timedelta(days=7))
    answer = as_(cast.chloe).post(
        f"/coaching/{talk}/agreement", data={"seen": "It was.", "action": "One thing.", "action_by": day, "follow_up_on": day} | bad
    )
    assert answer.status_code == 422
    assert row().held_at is None


def test_amir_cannot_agree_for_chloe(cast, as_, talk, row):
    answer = as_(cast.amir).post(f"/coaching/{talk}/agreement", data={})
    assert answer.status_code == 403
    assert "Nobody coaches herself" in answer.text


def test_it_is_moved_and_cancelled_with_a_reason_by_either_side(cast, as_, talk, row):
    when = (now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    assert as_(cast.amir).post(f"/coaching/{talk}/move", data={"promised_at": when, "reason": " "}).status_code == 422
    assert as_(cast.amir).post(f"/coaching/{talk}/move", data={"promised_at": when, "reason": "The shift changed."}).status_code == 303
    assert "The shift changed." in as_(cast.chloe).get(f"/coaching/{talk}").text
    assert as_(cast.chloe).post(f"/coaching/{talk}/cancellation", data={"why": ""}).status_code == 422
    for _press in range(2):
        assert as_(cast.chloe).post(f"/coaching/{talk}/cancellation", data={"why": "Amir is on leave."}).status_code == 303
    assert "Amir is on leave." in as_(cast.amir).get(f"/coaching/{talk}").text
    assert as_(cast.chloe).post(f"/coaching/{talk}/move", data={"promised_at": when, "reason": "x"}).status_code == 409
    assert post(as_(cast.chloe), talk, "talk", 0, goal="x").status_code == 409


def test_the_head_tells_when_it_was_held_and_beside_it_for_when_it_was_promised(cast, as_, talk, row):
    row().promised_at = now() + timedelta(days=2)
    agreed(row(), cast, now())
    db.session.commit()
    text = as_(cast.chloe).get(f"/coaching/{talk}").text
    with force_locale("en"):
        held, promised = moment_words(row().held_at), moment_words(row().promised_at)
    head, facts = text[text.index("<h1") : text.index("Held on")], text[text.index("Held on") :]
    assert held in head and promised not in head
    assert re.search(rf"Promised for</dt>\s*<dd[^>]*>\s*{re.escape(promised)}", facts)


def test_a_promise_that_was_not_kept_is_seen_by_both(cast, as_, talk, row):
    row().promised_at = now() - timedelta(hours=1)
    db.session.commit()
    for who, page in ((cast.amir, "/coaching"), (cast.chloe, "/team/coaching")):
        assert "Promised and not held" in as_(who).get(page).text


def test_the_supervisors_side_lies_under_team_and_the_coached_persons_under_me(cast, as_, talk):
    def area(who, page):
        return re.search(r'href="([^"]+)" aria-current="page"', as_(who).get(page).text)[1]

    for page in ("/team/coaching", f"/coaching/{talk}", f"/people/{cast.amir}/coaching", "/coaching/supervisors"):
        assert area(cast.chloe, page) == "/team"
    assert area(cast.amir, "/coaching") == area(cast.amir, f"/coaching/{talk}") == "/me"
    assert "/team/coaching" in as_(cast.chloe).get("/coaching").text
    assert "/team/coaching" in as_(cast.chloe).get("/team").text
    assert as_(cast.amir).get("/team/coaching").status_code == 403


def test_without_a_sentence_of_what_was_seen_nothing_is_agreed_on_wherever_it_is_asked(cast, row):
    with pytest.raises(Refusal, match="what was seen or heard"):
        agreed(row(), cast, now(), seen=" ")
    assert row().held_at is None
    # What her side says already is enough, and stays as it stands.
    sessions.write(row(), "coach", words={"situation": "On Monday."}, version=0, by_id=cast.chloe, at=now())
    assert agreed(row(), cast, now(), seen="")
    assert queries.parts_of(row().id)["coach"].words["behaviour"] == ""


# The loop --------------------------------------------------------------------------------------------------------------------


def stands(talk, moment):
    return queries.one_seen(talk, moment)


def test_the_loop_closes_with_later_evidence_of_the_same_skill_and_with_nothing_else(cast, at, row, talk):
    start = row().promised_at
    for number in range(3):
        see(cast, start - timedelta(days=10 + number), 2, number)
    agreed(row(), cast, start)
    assert stands(talk, start + timedelta(days=1)).state == "agreed"
    assert stands(talk, start + timedelta(days=15)).state == "due"
    for number in range(5):
        see(cast, start + timedelta(days=3 + number), 4, number, skill="greeting")
    assert stands(talk, start + timedelta(days=15)).state == "due"
    see(cast, start + timedelta(days=16), 3)
    one = stands(talk, start + timedelta(days=20))
    assert (one.state, one.loop.after.n, one.loop.tells) == ("early", 1, False)
    for number in range(2):
        see(cast, start + timedelta(days=17 + number), 3)
    one = stands(talk, start + timedelta(days=20))
    assert one.state == "closed"
    assert ((one.loop.before.good, one.loop.before.n), (one.loop.after.good, one.loop.after.n)) == ((0, 3), (3, 3))
    moved, low, high = one.loop.change
    assert moved == 1
    assert 0 < low < high


def test_what_was_written_down_on_one_day_closes_no_loop_and_another_day_does(cast, as_, row, talk):
    # Minutes apart, and never over midnight.
    start = (now() - timedelta(days=5)).replace(hour=8, minute=0)
    row().promised_at = start
    agreed(row(), cast, start)
    for number in range(3):
        see(cast, start + timedelta(hours=2, minutes=number), 4, number)
    db.session.commit()
    one = stands(talk, start + timedelta(days=2))
    assert (one.state, one.loop.after.n, one.loop.days, one.loop.one_day) == ("early", 3, 1, True)
    assert "All of them on one day" in as_(cast.chloe).get(f"/coaching/{talk}").text
    see(cast, start + timedelta(days=2), 4, 4)
    assert stands(talk, start + timedelta(days=3)).state == "closed"


def test_what_was_taken_back_closes_no_loop(cast, at, row, talk):
    from_day = row().promised_at
    agreed(row(), cast, from_day)
    for number in range(3):
        see(cast, from_day + timedelta(days=1 + number), 3)
    assert stands(talk, from_day + timedelta(days=9)).state == "closed"
    evidence = db.session.execute(select(queries.Evidence.id).order_by(queries.Evidence.id.desc()).limit(1)).scalar_one()
    profile.retract(evidence, "The wrong colleague.", from_day + timedelta(days=8))
    assert stands(talk, from_day + timedelta(days=9)).state == "early"


def test_before_and_after_stand_on_the_page_with_their_numbers_and_how_they_are_worked_out(cast, as_, at, row, talk):
    start = now() - timedelta(days=30)
    row().promised_at = start
    for number in range(4):
        see(cast, start - timedelta(days=2 + number), 2)
        see(cast, start + timedelta(days=2 + number), 3)
    agreed(row(), cast, start)
    db.session.commit()
    for who in (cast.amir, cast.chloe):
        text = as_(who).get(f"/coaching/{talk}").text
        assert "0 of 4 observations" in text
        assert "4 of 4 observations" in text
        assert "Clearly more often than before." in text
        assert "The difference very likely lies between" in text and "interval" not in text
        assert "do not prove" in text
        assert "an expected score of" in text
        assert "Loop closed" in text


# Who may, and who looks after it ---------------------------------------------------------------------------------------------


def test_who_led_him_before_loses_the_talk_and_her_own_notes_with_it(cast, as_, talk, person):
    post(as_(cast.chloe), talk, "private", 0, note=SECRET_OF_CHLOE)
    people.supervise(person(cast.amir), person(cast.dev), now(), "direct")
    db.session.commit()
    assert as_(cast.chloe).get(f"/coaching/{talk}").status_code == 404
    assert post(as_(cast.chloe), talk, "private", 1, note="More.").status_code == 404
    text = as_(cast.dev).get(f"/coaching/{talk}").text
    assert SECRET_OF_CHLOE not in text
    assert "Dev Şahin looks after it now" in text
    assert "Amir Kaya" in as_(cast.dev).get("/team/coaching").text
    assert "Amir Kaya" not in as_(cast.chloe).get("/team/coaching").text


def test_when_a_supervisor_leaves_her_open_talks_climb_to_her_own(cast, as_, talk, person):
    people.disable(person(cast.chloe), now(), cast.ela)
    db.session.commit()
    assert "Amir Kaya" in as_(cast.hana).get("/team/coaching").text
    assert "Hana İpek looks after it now" in as_(cast.amir).get(f"/coaching/{talk}").text
    # The dotted line is further away than the one above.
    assert "Amir Kaya" not in as_(cast.iris).get("/team/coaching").text


def test_the_line_above_is_found_in_one_statement_nearest_first(cast, person, counting):
    counting.clear()
    found = leaders_of([cast.amir, cast.gus])
    assert len(counting) == 1
    assert [(one.id, one.direct, one.steps) for one in found[cast.amir]] == [(cast.chloe, True, 1), (cast.hana, True, 2), (cast.iris, False, 1)]
    assert [one.id for one in found[cast.gus]] == [cast.dev]
    assert leaders_of([]) == {}


def test_a_line_that_runs_in_a_circle_in_old_data_ends(cast, at):
    for below, above in ((cast.hana, cast.chloe),):
        db.session.add(ReportingLine(person_id=below, supervisor_id=above, kind="direct", since=at, until=None))
    db.session.flush()
    assert cast.chloe in {one.id for one in leaders_of([cast.amir])[cast.amir]}


# Are supervisors coaching? ---------------------------------------------------------------------------------------------------


def test_hana_sees_whether_chloe_coaches_and_chloe_sees_only_her_own(cast, as_, talk, row):
    moment = now() - timedelta(days=20)
    row().promised_at = moment
    agreed(row(), cast, moment)
    for number in range(3):
        see(cast, moment + timedelta(days=1 + number), 3)
    again = arranged(cast, moment, receipt="second", promised_at=moment + timedelta(days=3))
    third = arranged(cast, moment, receipt="third", promised_at=moment + timedelta(days=4))
    sessions.cancel(db.session.get_one(CoachingSession, third), by_id=cast.amir, reason="On leave.", at=moment)
    assert again
    db.session.commit()
    (chloe,) = [one for one in queries.of_supervisors(SimpleNamespace(id=cast.hana), now()) if one.id == cast.chloe]
    assert (chloe.people, chloe.promised, chloe.held, chloe.cancelled, chloe.followed_up, chloe.closed) == (2, 2, 1, 1, 1, 1)
    text = as_(cast.hana).get("/coaching/supervisors").text
    assert "Chloe Irmak" in text
    assert "1 of 2" in text
    assert "Hana" not in as_(cast.chloe).get("/coaching/supervisors").text.split("<main")[1]
    assert "Chloe" not in as_(cast.dev).get("/coaching/supervisors").text
    assert as_(cast.amir).get("/coaching/supervisors").status_code == 403


# What it costs ---------------------------------------------------------------------------------------------------------------


def some_talks(cast, first, last):
    """Talks promised for the last weeks, every second one held."""
    for number in range(first, last):
        made = arranged(cast, now() - timedelta(days=60), receipt=f"n{number}", promised_at=now() - timedelta(days=50 - number))
        if number % 2:
            agreed(db.session.get_one(CoachingSession, made), cast, now() - timedelta(days=40))
    db.session.commit()


@pytest.mark.parametrize(("page", "who", "most"), [("/team/coaching", "chloe", 4), ("/coaching", "amir", 4), ("/coaching/supervisors", "hana", 5)])
def test_lists_cost_the_same_for_two_talks_as_for_twenty(cast, as_, talk, counting, page, who, most):
    client = as_(getattr(cast, who))
    some_talks(cast, 0, 2)
    client.get(page)
    counting.clear()
    client.get(page)
    few = len(counting)
    some_talks(cast, 2, 20)
    counting.clear()
    client.get(page)
    assert len(counting) == few == most


def test_the_pages_of_one_talk_and_of_preparing_are_pinned(cast, as_, talk, counting):
    client = as_(cast.chloe)
    for page, most in ((f"/coaching/{talk}", 9), (f"/people/{cast.amir}/coaching", 20)):
        client.get(page)
        counting.clear()
        client.get(page)
        assert len(counting) <= most, counting


def test_a_date_is_one_where_the_coached_person_lives(cast, talk, row):
    db.session.execute(update(Person).where(Person.id == cast.amir).values(time_zone="Pacific/Auckland"))
    late = row().promised_at.replace(hour=20, minute=0)
    tomorrow_there = (late + timedelta(days=1)).date()
    with pytest.raises(Refusal, match="has passed"):
        agreed(row(), cast, late, action_by=late.date())
    assert agreed(row(), cast, late, action_by=tomorrow_there, follow_up_on=date(tomorrow_there.year, tomorrow_there.month, tomorrow_there.day))


def test_what_was_written_two_years_ago_is_counted_as_due_for_deletion_and_nothing_of_it_is_shown(cast, as_, talk):
    post(as_(cast.chloe), talk, "private", 0, note=SECRET_OF_CHLOE)
    post(as_(cast.chloe), talk, "coach", 0, impact="She hung up.")
    db.session.execute(update(PrivateNote).values(written_at=now() - timedelta(days=800)))
    db.session.commit()
    (talks,) = [one for one in due_for_deletion(now()) if one.kind == "coaching"]
    assert talks.due == 1
    text = as_(cast.ela).get("/retention").text
    assert SECRET_OF_CHLOE not in text


def test_a_slip_is_put_right_on_the_day_of_the_talk_by_whoever_wrote_it_and_not_later(cast, as_, talk, row):
    client, page = as_(cast.chloe), f"/coaching/{talk}/agreement"
    today = now().date()
    data = {"action": "Let her finish.", "action_by": str(today + timedelta(days=7)), "follow_up_on": str(today + timedelta(days=14))}
    data["seen"] = "She was cut short twice."
    assert client.post(page, data=data | {"action": "x"}).status_code == 422
    early = client.post(page, data=data | {"follow_up_on": str(today + timedelta(days=6))})
    assert early.status_code == 422
    assert "look at it again on that day or later" in early.text
    assert client.post(page, data=data).status_code == 303
    assert "Put it right" in client.get(f"/coaching/{talk}").text
    assert "Put it right" not in as_(cast.hana).get(f"/coaching/{talk}").text
    mended = data | {"action": "Let her finish, then sum up.", "follow_up_on": str(today + timedelta(days=9)), "mend": "1"}
    assert as_(cast.hana).post(page, data=mended).status_code == 409
    assert as_(cast.amir).post(page, data=mended).status_code == 403
    assert client.post(page, data=mended).status_code == 303
    assert (row().action, row().follow_up_on) == ("Let her finish, then sum up.", today + timedelta(days=9))
    assert planned_for(f"coaching_session/{talk}").due_on == today + timedelta(days=9)
    entry = db.session.execute(select(AuditEntry).where(AuditEntry.deed == "put an agreement right")).scalar_one()
    assert entry.detail["before"]["action"] == "Let her finish."
    later = {"action": "Something else altogether.", "action_by": today + timedelta(days=7), "follow_up_on": today + timedelta(days=8)}
    with pytest.raises(Refusal, match="held already"):
        sessions.agree(row(), by_id=cast.chloe, at=row().held_at + timedelta(days=1), mend=True, **later)


def test_one_skill_is_talked_about_once_a_day(cast, at):
    see(cast, at - timedelta(days=1))
    first = arranged(cast, at)
    assert arranged(cast, at) == first
    with pytest.raises(Refusal, match="promised already"):
        arranged(cast, at, receipt="again", promised_at=at + timedelta(days=2, hours=1))
    assert arranged(cast, at, receipt="another week", promised_at=at + timedelta(days=9)) != first
