"""The page on which customers answer: each answer once, whoever attacks it, and to the right employee."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from zoneinfo import ZoneInfo

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import func, select, update

from trainee.evidence import Evidence
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.people import queries as people
from trainee.people.models import Person, Team
from trainee.skills import framework
from trainee.voice.asking.mailing import send_invitations, write_down
from trainee.voice.measures import queries as measures
from trainee.voice.models import AskedCustomer, AskLink, Concern, Invitation, Rating, Survey, SurveyResponse, SurveyWave
from trainee.voice.survey import QUESTIONS
from trainee.voice.surveys import actions, queries, sheet
from trainee.voice.surveys.actions import Place
from trainee.voice.surveys.reading import Given
from trainee.voice.wording import complaint

TEXTS = {"title": {"tr": "Kısa anket", "en": "Short survey"}, "intro": {"tr": "Yanıtlamak zorunda değilsiniz.", "en": "You need not answer."}}


@pytest.fixture
def asked(app, cast, at):
    """A survey that is being asked, with a printed code of Amir's and a link for one answer; and how to press send."""
    questions = [sheet.of_bank("satisfied"), sheet.of_bank("listened"), sheet.of_bank("concern"), sheet.own_words(4, {"tr": "Neden?", "en": "Why?"})]
    survey_id = actions.make_survey("survey", TEXTS | {"questions": questions}, key="short", by_id=cast.ela, at=at)
    actions.open_wave(survey_id, cast.ela, at)
    printed, once = (
        db.session.get_one(
            AskLink, actions.make_links(survey_id, way, [Place("Till 1", None, cast.amir)], many=many, batch=way, by_id=None, at=at)[0]
        )
        for way, many in (("qr", True), ("link", False))
    )
    db.session.commit()
    return survey_id, actions.code_of(printed.receipt), actions.code_of(once.receipt)


def page_of(app, code, ago=30, name="one"):
    """The signed name of a page that was opened so many seconds ago."""
    link = queries.link_of(code)
    wave = queries.open_wave_of(link.survey_id)
    db.session.rollback()
    made = int((now() - timedelta(seconds=ago)).timestamp() * 1000)
    return URLSafeSerializer(app.secret_key, salt="a survey's page").dumps([link.id, wave.id, name, made])


def send(client, app, code, name="one", ago=30, lang="en", **given):
    return client.post(f"/s/{code}?lang={lang}", data={"page": page_of(app, code, ago, name), **(given or {"satisfied": "4"})})


def sheets():
    found = db.session.scalar(select(func.count()).select_from(SurveyResponse))
    db.session.rollback()
    return found


def test_being_comfortable_to_buy_again_is_offered_in_both_languages_and_counts_for_trust(as_, cast):
    assert framework().skill(QUESTIONS["buy_again"].skill).quality == "trust"
    ela = as_(cast.ela)
    assert "Would you be comfortable buying from us again?" in ela.get("/surveys/new").text
    assert (
        'Would you be comfortable buying from us again? (1: not at all, 5: completely) <small class="scale-words">(from 1 to 5; Trust)'
        in ela.get("/guides").text
    )
    ela.post("/guides/trust/adopting")
    (taken,) = db.session.scalars(select(Survey))
    asked = {one.counted_as: one for one in sheet.items(taken.key, taken.questions, taken.stems)}
    # Counted with the question of the bank, whoever asks it, and kept with its quality.
    assert (asked["buy_again"].quality, asked["buy_again"].scale, asked["kept_promise"].quality) == ("trust", (1, 5), "reliability")
    assert "içiniz rahat olur mu?" in asked["buy_again"].text["tr"]
    db.session.rollback()
    ela.post("/language", data={"language": "tr"})
    assert "Bizden yeniden alışveriş yaparken içiniz rahat olur mu?" in ela.get("/surveys/new").text
    assert "içiniz rahat olur mu? (1: hiç, 5: tamamen) <small" in ela.get("/guides").text


def test_a_stranger_answers_without_account_cookie_or_script_and_it_reaches_the_right_employee(app, asked, as_, cast):
    client, code = as_(None), asked[1]
    page = client.get(f"/s/{code}?lang=tr")
    assert page.status_code == 200 and 'lang="tr"' in page.text and "Yanıtlamak zorunda" in page.text
    assert re.search(r'name="page" value="[^"]{40,}"', page.text)
    sent = send(client, app, code, lang="tr", satisfied="5", listened="2", q4="Numaram 0555 123 45 67, a@b.com <script>alert(1)</script>")
    assert sent.status_code == 303 and client.get(sent.location).status_code == 200
    for answer in (page, sent, client.get(sent.location)):
        assert "Set-Cookie" not in answer.headers
    rows = {row.question: row for row in db.session.execute(select(Rating)).scalars()}
    assert (rows["satisfied"].value, rows["listened"].value, rows["listened"].person_id) == (5, 2, cast.amir)
    assert rows["satisfied"].team_id == db.session.get_one(Person, cast.amir).team_id
    assert rows["short/q4"].comment == "Numaram [•••], [•••] <script>alert(1)</script>"
    (shown,) = db.session.execute(select(Evidence)).scalars()
    assert (shown.person_id, shown.skill_key, shown.source, shown.score) == (cast.amir, "empathy", "customer_rating", 0.25)
    assert "<script>alert(1)" not in as_(cast.amir).get("/my-ratings").text
    assert "&lt;script&gt;alert(1)" in as_(cast.chloe).get(f"/people/{cast.amir}/ratings").text


def test_both_languages_are_counted_together(app, asked, as_):
    for number, lang in enumerate(("tr", "en", "tr")):
        send(as_(None), app, asked[1], name=str(number), lang=lang)
    survey = queries.survey_or_404(asked[0])
    found = queries.result_of(survey, queries.waves_of(survey.id)[0])
    assert found.sheets == {"tr": 2, "en": 1}
    assert found.told[0].n == 3


def test_a_page_sent_twice_and_a_link_answered_again_count_once(app, asked, as_):
    client = as_(None)
    assert [send(client, app, asked[1]).status_code for _time in range(2)] == [303, 303]
    assert sheets() == 1
    # Nobody is thanked for what she has not sent.
    assert 'name="page"' in client.get(f"/s/{asked[2]}?done=1").text
    assert send(client, app, asked[2]).status_code == 303
    assert 'name="page"' not in client.get(f"/s/{asked[2]}?done=1").text
    # The same page again: its answer had been lost on the way back. Another page of the same link has no answer left.
    assert send(client, app, asked[2]).status_code == 303
    assert send(client, app, asked[2], name="two").status_code == 410
    assert client.get(f"/s/{asked[2]}").status_code == 410
    assert sheets() == 2


@pytest.mark.parametrize(
    "given",
    [
        {"satisfied": "6"},
        {"satisfied": "-1"},
        {"satisfied": "٣"},
        {"satisfied": "4.0"},
        {"q4": "only words"},
        {"satisfied": ""},
        {"satisfied": "4", "q4": "x" * 601},
    ],
)
def test_what_is_no_answer_is_refused_with_everything_kept_on_the_page(app, asked, as_, given):
    sent = send(as_(None), app, asked[1], **given)
    assert sent.status_code == 422 and "data-wrong" in sent.text
    assert sheets() == 0


def test_tampering_replay_and_guessing_lead_nowhere(app, asked, as_):
    client, (_id, printed, once) = as_(None), asked
    foreign = page_of(app, once)
    for page in ("", "x", foreign, page_of(app, printed) + "x", page_of(app, printed, ago=60 * 60 * 24 * 8)):
        assert client.post(f"/s/{printed}", data={"page": page, "satisfied": "5"}).status_code == 422
    assert sheets() == 0
    assert client.get("/s/AAAAAAAAAAAAAAAA").status_code == 404
    assert client.post("/s/AAAAAAAAAAAAAAAA", data={"satisfied": "5"}).status_code == 404
    kept = db.session.execute(select(AskLink).where(~AskLink.many)).scalars().one()
    assert kept.code is None and once not in (kept.digest, kept.receipt)


@pytest.mark.parametrize(
    ("speaks", "first", "second"), [("tr", "Böyle bir kod yok", "There is no such code"), ("en", "There is no such code", "Böyle bir kod yok")]
)
def test_a_mistyped_code_is_told_plainly_in_both_languages_without_the_sites_frame_or_a_cookie(app, asked, as_, speaks, first, second):
    for where, send_ in (("/s/KONYA-7", "get"), ("/s/KONYA-7", "post"), ("/s/KONYA-7/stop", "get")):
        answer = getattr(as_(None), send_)(where, headers={"Accept-Language": speaks})
        assert answer.status_code == 404 and "Set-Cookie" not in answer.headers and answer.headers["X-Refusal"] == "not_found"
        said = answer.text
        assert f'<html lang="{speaks}">' in said and f"<h1>{first}</h1>" in said and f">{second}</h2>" in said
        assert "/sign-in" not in said and "site-" not in said and "asking-head" in said


def test_robots_and_floods_are_kept_out(app, asked, as_):
    client = as_(None)
    assert send(client, app, asked[1], satisfied="5", website="http://example.com").status_code == 303
    assert send(client, app, asked[1], ago=1).status_code == 422
    assert sheets() == 0
    found = [send(client, app, asked[1], name=f"n{number}", satisfied="5", q4="Do not lose me") for number in range(9)]
    # Nobody serves more than eight in ten minutes: what comes faster waits, is told how long, and stays on its page.
    assert [one.status_code for one in found] == [303] * 8 + [429]
    assert 1 <= int(found[-1].headers["Retry-After"]) <= 600 and found[-1].headers["X-Refusal"] == "flood"
    assert "Do not lose me" in found[-1].text and re.search(r'value="5"[^>]*checked', found[-1].text)
    many = sheets()
    assert many == 8
    # What was taken already is sent once more without counting, and without being kept twice.
    assert send(client, app, asked[1], name="n3").status_code == 303 and sheets() == many
    # A link for one answer does not wait for the answers of others behind the same address.
    assert send(client, app, asked[2]).status_code == 303 and sheets() == many + 1


@pytest.mark.parametrize(("way", "of_amir"), [("qr", False), ("kiosk", False), ("kiosk", True), ("link", False)])
def test_a_counter_with_a_customer_every_twelve_seconds_goes_on_behind_one_address(app, asked, as_, cast, at, way, of_amir):
    place = Place("Entrance", None, cast.amir if of_amir else None)
    (link_id,) = actions.make_links(asked[0], way, [place], many=True, batch="k", by_id=None, at=at)
    code = actions.code_of(db.session.get_one(AskLink, link_id).receipt)
    db.session.commit()
    client = as_(None)
    found = [send(client, app, code, name=f"n{number}").status_code for number in range(52)]
    assert found[:50] == [303] * 50 and found[-1] == 429 and sheets() == 50
    # Another code of the same shop does not wait for it.
    assert send(client, app, asked[1]).status_code == 303


def test_many_who_felt_that_nobody_cared_at_one_code_within_minutes_stand_in_few_tasks(app, asked, as_, cast):
    def many(address, first):
        sender = as_(None)
        sender.environ_base["REMOTE_ADDR"] = address
        for number in range(first, first + 6):
            assert send(sender, app, asked[1], name=f"n{number}", concern="1", satisfied="2", q4=f"Words {number}").status_code == 303

    many("10.0.0.1", 0)
    tasks = list(db.session.scalars(select(Concern.rating_id).order_by(Concern.rating_id)))
    assert len(tasks) == 3 and sheets() == 6
    chloe = as_(cast.chloe)
    page = chloe.get(f"/concerns/{tasks[0]}").text
    gathered = page.split('id="gathered"')[1].split("</section>")[0]
    assert [f"Words {number}" in gathered for number in range(6)] == [False] * 3 + [True] * 3
    # All the same each is an answer, whole, with its mark.
    assert db.session.scalar(select(func.count()).select_from(Rating).where(Rating.question == "concern")) == 6
    # What comes from elsewhere is nobody's flood; neither is what comes where no task is left open.
    for one in tasks:
        chloe.post(f"/concerns/{one}", data={"done": "Looked at it."})
    assert send(as_(None), app, asked[1], name="elsewhere", concern="1").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Concern)) == 4


def test_a_concern_that_comes_where_the_tasks_before_it_are_seen_to_opens_its_own(app, asked, as_, cast):
    client = as_(None)
    for number in range(3):
        send(client, app, asked[1], name=f"n{number}", concern="2")
    for one in list(db.session.scalars(select(Concern.rating_id))):
        as_(cast.chloe).post(f"/concerns/{one}", data={"done": "Looked at it."})
    send(client, app, asked[1], name="late", concern="2")
    assert db.session.scalar(select(func.count()).select_from(Concern).where(Concern.closed_at.is_(None))) == 1


def test_who_tries_codes_that_are_none_is_held_back_and_right_ones_are_not(app, asked, as_):
    client = as_(None)
    wrong = [client.post(f"/s/{number:016d}", data={"page": "x", "satisfied": "4"}).status_code for number in range(32)]
    assert wrong[:30] == [404] * 30 and wrong[-1] == 429
    forged = client.post(f"/s/{asked[2]}", data={"page": "forged", "satisfied": "4"})
    assert forged.status_code == 429 and sheets() == 0
    assert send(client, app, asked[2]).status_code == 303 and sheets() == 1


def test_a_kiosk_whose_line_was_gone_sends_several_sheets_of_one_page_each_once(app, asked, as_, cast, at):
    (link_id,) = actions.make_links(asked[0], "kiosk", [Place("Entrance", None, None)], many=True, batch="k", by_id=None, at=at)
    db.session.commit()
    code = actions.code_of(db.session.get_one(AskLink, link_id).receipt)
    client = as_(None)
    for turn in ("00ff00ff", "11ff00ff", "11ff00ff"):
        assert send(client, app, code, satisfied="4", turn=turn).status_code == 303
    assert sheets() == 2
    # Elsewhere a page is one sheet, whatever is sent beside it.
    for turn in ("00ff00ff", "11ff00ff"):
        send(client, app, asked[1], satisfied="4", turn=turn)
    assert sheets() == 3


def test_an_answer_that_waited_longer_than_its_page_holds_says_so_to_the_script(app, asked, as_):
    late = send(as_(None), app, asked[1], ago=8 * 86_400)
    assert late.status_code == 422 and late.headers["X-Refusal"] == "old" and 'name="page"' in late.text


def test_an_employee_does_not_rate_herself(app, asked, as_, cast):
    assert send(as_(cast.amir), app, asked[1]).status_code == 422
    assert send(as_(cast.beth), app, asked[1]).status_code == 303


def test_a_closed_survey_says_so_and_takes_what_was_opened_before(app, asked, as_, cast, at):
    before = page_of(app, asked[1])
    actions.close_wave(asked[0], cast.ela, at)
    db.session.commit()
    client = as_(None)
    assert client.get(f"/s/{asked[1]}").status_code == 410
    assert client.post(f"/s/{asked[1]}", data={"page": before, "satisfied": "3"}).status_code == 303
    assert sheets() == 1


def test_a_low_concern_opens_a_task_that_shows_on_team_and_today_until_it_says_what_was_done(app, asked, as_, cast):
    send(as_(None), app, asked[1], concern="1", q4="Nobody listened.")
    (task,) = db.session.execute(select(Concern)).scalars()
    assert task.person_id == cast.amir and 2 <= (task.due_on - now().date()).days <= 5
    chloe, where = as_(cast.chloe), f"/concerns/{task.rating_id}"
    assert where in chloe.get("/team").text
    assert "/concerns" in chloe.get("/").text and "/concerns" not in as_(cast.dev).get("/").text
    page = chloe.get(where).text
    # Her words stand under what she was asked, and her mark beside what it is out of.
    assert "Did you feel that your worry mattered to us?" in page and "1 of 5" in page and "gathered" not in page
    assert 0 < page.find("Why?") < page.index("Nobody listened.") and "Another question" not in page
    assert as_(cast.dev).get(where).status_code == 404
    assert chloe.post(where, data={"done": " "}).status_code == 422
    assert chloe.post(where, data={"done": "Called her back, new date agreed."}).status_code == 303
    above = as_(people.chain_above(cast.chloe)[0][0]).post(where, data={"done": "I called as well."})
    assert above.status_code == 422 and "Somebody has seen to this already." in above.text
    assert "I called as well." in above.text and "new date agreed" in above.text
    assert where not in chloe.get("/team").text
    assert db.session.get_one(Concern, task.rating_id).closed_by_id == cast.chloe


def test_comments_are_hers_and_her_leaders_and_she_may_reply(app, asked, as_, cast):
    send(as_(None), app, asked[1], satisfied="2", q4="Too slow by far.")
    rating_id = db.session.scalar(select(Rating.id).where(Rating.comment != ""))
    assert as_(cast.amir).post(f"/my-ratings/{rating_id}/reply", data={"words": "The till was down."}).status_code == 303
    assert as_(cast.beth).post(f"/my-ratings/{rating_id}/reply", data={"words": "x"}).status_code == 404
    page = as_(cast.chloe).get(f"/people/{cast.amir}/ratings").text
    assert "Too slow by far." in page and "The till was down." in page and "1 answer so far" in page
    assert "Too slow by far." not in as_(cast.ela).get(f"/people/{cast.amir}/ratings").text
    assert "Too slow by far." in as_(cast.chloe).get("/customers/comments").text
    assert "Too slow by far." not in as_(cast.dev).get("/customers/comments").text


def test_wording_that_begs_promises_or_lacks_a_language_is_refused(app, cast, at):
    good = [sheet.of_bank("satisfied")]
    for text in (
        "Anketi dolduranlara %10 indirim!",
        "Çekilişe katılın.",
        "Lütfen 5 yıldız verin.",
        "Answer and win a voucher.",
        "Please give us a 10.",
        "Anketimiz için birkaç dakikanız var mı? Yanıtlayanlara kahve bizden.",
        "Answer three questions: coffee is on us!",
        "Yanıtlayan herkese ücretsiz çay.",
        "Yanıtınıza teşekkür olarak tatlı ikram ediyoruz.",
        "A free dessert for all who answer.",
    ):
        with pytest.raises(Refusal) as refused:
            actions.make_survey("survey", TEXTS | {"intro": {"tr": text, "en": text}, "questions": good}, key="bad", by_id=None, at=at)
        assert refused.value.code == "intro_tr"
        # The words are named as they were typed.
        assert re.search("“(.+?)”", refused.value.message)[1] in text
    fair = (
        "Kahvemizi nasıl buldunuz? Kargo zamanında geldi mi? Sözümüzü tuttuk mu?",
        "Could you count on us? Was the coffee warm? Was it fun to be in the house?",
    )
    assert [complaint(text) for text in fair] == [None, None]
    for questions in (
        [],
        good * 2,
        [sheet.own_words(1, {"tr": "Neden?", "en": "Why?"})],
        [sheet.own_scale(1, 5, {"tr": "Yalnız Türkçe", "en": " "})],
    ):
        with pytest.raises(Refusal):
            actions.make_survey("survey", TEXTS | {"questions": questions}, key="bad", by_id=None, at=at)


def test_the_wording_of_a_wave_is_locked(app, asked, cast, at):
    survey = queries.survey_or_404(asked[0])
    changed = TEXTS | {"questions": [sheet.of_bank("easy")]}
    actions.change_survey(survey, 1, changed, cast.ela, at)
    with pytest.raises(Refusal):
        actions.change_survey(survey, 1, changed, cast.ela, at)
    (wave,) = queries.waves_of(asked[0])
    assert [one["id"] for one in wave.questions] == ["satisfied", "listened", "concern", "q4"]
    db.session.expire_all()
    actions.open_wave(asked[0], cast.ela, at + timedelta(days=1))
    first, second = db.session.execute(select(SurveyWave).order_by(SurveyWave.number)).scalars()
    assert first.closed_at is not None and [one["id"] for one in second.questions] == ["easy"]


class Carrier:
    """Takes mails, as long as the line holds."""

    def __init__(self, problem=None):
        self.problem, self.mails = problem, []

    def send(self, message):
        if self.problem:
            raise self.problem
        self.mails.append(message)


def test_a_surveys_page_tells_which_invitations_wait_and_which_never_went(app, asked, as_, cast, at):
    def page(lang="en"):
        db.session.execute(update(Person).where(Person.id == cast.ela).values(language=lang))
        db.session.commit()
        return as_(cast.ela).get(f"/surveys/{asked[0]}").text

    app.extensions["trainee"] = replace(app.extensions["trainee"], mail_from="survey@mavikapi.example", base_url="https://site.example")
    assert "invitation" not in page().lower().partition('id="ways"')[2]
    actions.invite(asked[0], [(f"{one}@example.com", Place(""), "tr") for one in ("ayse", "fatma", "zehra")], batch="a", by_id=cast.ela, at=at)
    assert "3 invitations are on their way." in page()
    assert list(send_invitations(at, Carrier(OSError()))) == ["in_hand", "waiting"] * 3
    told = at.astimezone(ZoneInfo("Europe/Istanbul")) + timedelta(minutes=5)
    assert "on their way" not in page() and "has not taken 3 invitations yet. They are tried again from" in page() and f"{told:%H:%M} on." in page()
    assert "Posta sunucusu 3 daveti henüz almadı." in page("tr")
    actions.stop_asking(actions.customer_of("zehra@example.com"), at)
    assert (
        list(send_invitations(at + timedelta(minutes=5), Carrier(SMTPRecipientsRefused({"x": (550, b"no such user")})))) == ["in_hand", "failed"] * 2
    )
    assert "has not taken" not in page() and "3 invitations were not sent: the address could not be reached" in page()


def test_a_customer_is_asked_once_in_ninety_days_and_her_address_is_forgotten(app, asked, as_, cast, at):
    guest = [("Ayse@Example.com", Place("", None, cast.amir), "tr")]
    assert actions.invite(asked[0], guest, batch="a", by_id=cast.ela, at=at).asked == 1
    assert actions.invite(asked[0], [("ayse@example.com", Place(""), "tr")], batch="b", by_id=cast.ela, at=at + timedelta(days=89)).resting == 1
    down = Carrier(OSError())
    app.extensions["trainee"] = replace(app.extensions["trainee"], mail_from="survey@mavikapi.example", base_url="https://site.example")
    assert list(send_invitations(at, down)) == ["in_hand", "waiting"]
    assert db.session.scalar(select(Invitation.address)) == "Ayse@Example.com"
    ours = Carrier(SMTPRecipientsRefused({"x": (554, b"5.7.1 Relay access denied")}))
    assert list(send_invitations(at + timedelta(minutes=30), ours)) == ["in_hand", "waiting"]
    db.session.commit()
    mails, taken, then = Carrier(), set(), at + timedelta(hours=2)
    # Nothing can be written down, as on a full disk: nothing is sent either.
    assert next(send_invitations(then, mails, taken)) == "in_hand"
    db.session.rollback()
    assert (mails.mails, taken) == ([], set())
    # It is full when the server has taken it: whoever follows leaves it alone, and who sent it writes it down.
    sending = send_invitations(then, mails, taken)
    assert next(sending) == "in_hand"
    db.session.commit()
    assert next(sending) == "sent"
    db.session.rollback()
    assert list(send_invitations(then + timedelta(minutes=9), mails, set())) == []
    assert list(write_down(taken, then + timedelta(minutes=9))) == ["sent"] and taken == set()
    db.session.commit()
    assert list(send_invitations(then + timedelta(hours=1), mails, taken)) == []
    invitation = db.session.execute(select(Invitation)).scalar_one()
    assert (invitation.address, invitation.state) == (None, "sent")
    (mail,) = mails.mails
    code = re.search(r"/s/([\w-]{16})\n", mail.get_content()).group(1)
    assert mail["Subject"] == "Kısa anket" and mail["List-Unsubscribe"].endswith(f"/s/{code}/stop>")
    assert "Ayse" not in str(db.session.execute(select(AskedCustomer.digest)).scalars().all())
    stop = as_(None).post(f"/s/{code}/stop")
    assert stop.status_code == 200 and "Set-Cookie" not in stop.headers
    assert actions.invite(asked[0], guest, batch="c", by_id=cast.ela, at=at + timedelta(days=400)).refused == 1
    assert [(one.way, one.asked, one.answered) for one in queries.ways_of(asked[0])] == [("link", 1, 0), ("mail", 1, 0)]


def test_a_link_for_everybody_is_not_counted_among_those_that_one_customer_has(app, asked, as_, cast, at):
    survey_id, _printed, once = asked
    anyone = actions.make_links(survey_id, way="link", places=[Place("")], many=True, batch="all", by_id=None, at=at)[0]
    open_code = actions.code_of(db.session.get_one(AskLink, anyone).receipt)
    db.session.commit()
    for number, code in enumerate((open_code, open_code, open_code, once)):
        assert send(as_(None), app, code, name=f"n{number}").status_code == 303
    assert [(one.asked, one.answered) for one in queries.ways_of(survey_id)] == [(1, 1), (None, 3)]
    wave = queries.open_wave_of(survey_id)
    brought = [Given("k1", at, "tr", [(next(iter(actions.asked_in(wave, "short"))), 4)])]
    assert actions.take_sheets(wave, "kasa", brought, cast.ela, at).new == 1
    db.session.commit()
    page = as_(cast.ela).get(f"/surveys/{survey_id}")
    assert page.status_code == 200 and "nobody knows" in page.text
    # Each is called so that it is told from the others.
    told = re.findall(r'<th scope="row"[^>]*>\s*(file[^<]*|open link|links[^<]*?)\s*<', page.text)
    assert told == ["file of another system", "links, one answer each", "open link"]


def test_targets_of_a_questionnaire_stand_in_their_form_as_they_were_stated_and_stay_when_it_is_saved(app, as_, cast, at):
    stems = {side: {"tr": "Ne ölçüde?", "en": "How far?"} for side in ("expectation", "perception")}
    questions = [sheet.of_bank("satisfied")]
    survey_id = actions.make_survey("questionnaire", TEXTS | {"questions": questions, "stems": stems}, key="long", by_id=cast.ela, at=at)
    db.session.execute(update(Person).where(Person.id == cast.ela).values(language="tr"))
    db.session.commit()
    ela, where = as_(cast.ela), f"/surveys/{survey_id}"
    assert ela.post(f"{where}/targets", data={"gap_reliability": "-0,5", "line": "60"}).status_code == 303
    form = ela.get(where).text.partition('id="targets"')[2]
    boxes = {
        name: (kind, value) for name, kind, value in re.findall(r'<input class="input" id="[^"]+" name="([^"]+)" type="(\w+)" value="([^"]*)"', form)
    }
    assert boxes["gap_reliability"] == ("text", "-0,5") and boxes["line"] == ("text", "60")
    assert ela.post(f"{where}/targets", data={name: value for name, (_kind, value) in boxes.items()}).status_code == 303
    assert sorted(measures.targets().values()) == [-0.5, 60]


def test_who_may_be_asked_again_is_forgotten_and_who_refused_is_not(app, at):
    for digest, asked_at, refused_at in (("old", at - timedelta(days=91), None), ("new", at, None), ("never", None, at - timedelta(days=900))):
        db.session.add(AskedCustomer(digest=digest, asked_at=asked_at, refused_at=refused_at))
    actions.forget_customers(at)
    assert set(db.session.scalars(select(AskedCustomer.digest))) == {"new", "never"}


def test_a_supervisor_prints_codes_and_reads_the_measures(app, asked, as_, cast):
    chloe = as_(cast.chloe)
    data = {"way": "person", "team_id": str(db.session.get_one(Person, cast.amir).team_id), "labels": "", "count": "", "receipt": "abc"}
    made = chloe.post(f"/surveys/{asked[0]}/links", data=data)
    assert made.status_code == 303
    assert chloe.post(f"/surveys/{asked[0]}/links", data=data).location == made.location
    printed = chloe.get(made.location).text
    assert printed.count("<svg") >= 2 and "Amir Kaya" in printed and "Beth Öğüt" in printed
    for number in range(6):
        send(as_(None), app, asked[1], name=f"n{number}", satisfied="5" if number else "1", q4="Geç geldi" if number < 2 else "")
    page = chloe.get("/customers?measure=csat").text
    assert "83%" in page and "6 answers" in page and "Too few answers to see a trend" in page and "Late delivery" in page
    # Of his own team nobody was asked: it opens on the whole company, and his team is one of those to choose.
    his = db.session.scalars(select(Team.id).where(Team.supervisor_id == cast.dev)).first()
    assert '<p class="eyebrow">the whole company' in as_(cast.dev).get("/customers?measure=csat").text
    assert "83%" not in as_(cast.dev).get(f"/customers?measure=csat&team={his}").text
    assert as_(cast.ela).post("/customers/nps/target", data={"value": "300"}).status_code == 422
    assert measures.targets() == {}
    assert as_(cast.ela).post("/customers/nps/target", data={"value": "30"}).status_code == 303
    assert measures.targets() == {("nps", None): 30}


def test_a_stated_target_stands_in_its_form_and_stays_when_it_is_saved_untouched(as_, cast):
    ela, chloe, team = as_(cast.ela), as_(cast.chloe), db.session.get_one(Person, cast.amir).team_id
    ela.post("/language", data={"language": "tr"})

    def box(client, where):
        return re.search(r'name="value" type="text" value="([^"]*)"', client.get(where).text)[1]

    assert box(ela, "/customers?measure=ces") == ""
    for measure, typed, value in (("ces", "5,5", 5.5), ("csat", "82,25", 82.25), ("nps", "\u22120,5", -0.5)):
        where, shown = f"/customers?measure={measure}", typed.replace("\u2212", "-")
        for given in (typed, shown):
            assert ela.post(f"/customers/{measure}/target", data={"value": given}).status_code == 303
            assert measures.targets()[measure, None] == value and box(ela, where) == shown
    # What counts for a team because it counts for everybody is said beside its box, and does not become the team's own.
    page = f"/customers?measure=ces&team={team}"
    assert box(chloe, page) == "" and "Until you state one, the whole company's counts: 5.5." in chloe.get(page).text
    chloe.post("/customers/ces/target", data={"value": "6.25", "team": str(team)})
    assert box(chloe, page) == "6.25" and "Until you state one" not in chloe.get(page).text
    chloe.post("/customers/ces/target", data={"value": "", "team": str(team)})
    assert measures.target_of(measures.targets(), "ces", team) == 5.5
    # What was refused stays as it was typed.
    refused = ela.post("/customers/ces/target", data={"value": "99"})
    assert refused.status_code == 422 and 'type="text" value="99"' in refused.text and measures.targets()["ces", None] == 5.5


def test_codes_on_receipts_are_listed_printed_again_and_taken_out_of_use_together(app, asked, as_, cast, counting):
    chloe, where = as_(cast.chloe), f"/surveys/{asked[0]}/links"
    data = {"way": "receipt", "team_id": "0", "labels": "Till roll", "count": "5", "receipt": "roll"}
    sheet_at = chloe.post(where, data=data).location
    codes = [actions.code_of(f"roll/{number}") for number in range(5)]
    assert all(code in chloe.get(sheet_at).text for code in codes)
    assert send(as_(None), app, codes[0], name="first").status_code == 303
    page = chloe.get(where).text.split('id="batches"')[1]
    assert (
        "Till roll" in page and "code on a receipt · " in page and "5 codes, 1 answered" in page and "Chloe" in page and f'href="{sheet_at}"' in page
    )
    # Printed once more, what was answered is not on it.
    assert [code in chloe.get(sheet_at).text for code in codes] == [False] + [True] * 4
    opened = page_of(app, codes[1], name="opened before")
    assert as_(cast.dev).post(f"{sheet_at}/end").status_code == 403
    assert chloe.post(f"{sheet_at}/end", follow_redirects=True).text.count("4 codes are out of use.") == 1
    assert "0 codes are out of use." in chloe.post(f"{sheet_at}/end", follow_redirects=True).text
    assert [as_(None).get(f"/s/{code}").status_code for code in codes[1:]] == [410] * 4
    # Whoever had her page open already loses nothing.
    assert as_(None).post(f"/s/{codes[1]}", data={"page": opened, "satisfied": "3"}).status_code == 303 and sheets() == 2
    # Of what is answered or withdrawn to the last, nothing is printed that leads nowhere.
    sheet = chloe.get(sheet_at).text
    assert "No code of these is open any more." in sheet and "sheet-card" not in sheet and f'href="{where}"' in sheet
    assert not any(code in sheet for code in codes)
    ended = chloe.get(where).text.split('id="batches"')[1]
    assert "5 codes, 2 answered" in ended and "out of use" in ended and f"{sheet_at}/end" not in ended
    # A link of asked's own is another batch; a page costs the same for many as for few.
    assert "Till 1" in ended and "1 code, 0 answered" in ended
    counting.clear()
    chloe.get(where)
    few = len(counting)
    for number in range(4):
        chloe.post(where, data=data | {"receipt": f"more-{number}", "labels": ""})
    counting.clear()
    page = chloe.get(where).text.split('id="batches"')[1]
    assert page.count(">5 codes, ") == 5 and len(counting) == few
    # Whoever hears the page knows of which each button is.
    said = re.findall(r'<span>(Print|Take out of use)<span class="visually-hidden"> ([^<]+)</span></span>', page)
    assert len(said) == page.count("button-small") == 8 + 2 and all(words.startswith(("Codes for receipts", "Till 1")) for _deed, words in said)
    # Those without a name of their own are called what they are.
    assert page.count(">Codes for receipts, one answer each<") == 4
    assert chloe.post(f"{where}/none/end").status_code == 404


def test_who_may_see_nobody_of_a_team_is_told_so_and_who_can_make_its_codes(asked, as_, cast):
    team = db.session.get_one(Person, cast.amir).team_id
    data = {"way": "person", "team_id": str(team), "labels": "", "count": "", "receipt": "ferit"}
    refused = as_(cast.ferit).post(f"/surveys/{asked[0]}/links", data=data)
    assert refused.status_code == 422 and "In this team is nobody whose name you may see." in refused.text


def test_the_mean_of_a_question_very_likely_lies_on_its_scale():
    item = sheet.Item("recommend", "recommend", {}, (0, 10), None, None, None)
    for marks in ({10: 30, 0: 3}, {0: 30, 10: 3}, {10: 1}):
        mean = queries.Told(item, Counter(marks)).mean
        assert mean.value is not None and (sum(marks.values()) < 2 or 0 <= mean.low < mean.value < mean.high <= 10)


def test_recommending_is_shown_of_nobody_below_a_hundred_answers(app, as_, cast, at):
    from_bank = [sheet.of_bank("recommend")]
    survey_id = actions.make_survey("survey", TEXTS | {"questions": from_bank}, key="nps", by_id=None, at=at)
    wave = db.session.get_one(SurveyWave, actions.open_wave(survey_id, None, at))
    (link_id,) = actions.make_links(survey_id, "qr", [Place("", None, cast.amir)], many=True, batch="n", by_id=None, at=at)
    link, (item,) = db.session.get_one(AskLink, link_id), actions.asked_in(wave, "nps")
    for number in range(100):
        actions.respond(link, wave, [(item, 10 if number % 2 else 0)], receipt=f"p{number}", language="en", at=now())
        if number == 98:
            db.session.commit()
            assert "99 answers so far" in as_(cast.amir).get("/my-ratings").text
    db.session.commit()
    assert "100 answers; very likely between" in as_(cast.amir).get("/my-ratings").text


def test_the_page_of_a_survey_offers_each_reader_what_may_be_done(asked, as_, cast):
    offered = {
        name: [
            way for way in ("invitations", "file") if f'href="/surveys/{asked[0]}/{way}"' in as_(getattr(cast, name)).get(f"/surveys/{asked[0]}").text
        ]
        for name in ("ferit", "ela", "amir")
    }
    assert offered == {"ferit": [], "ela": ["invitations", "file"], "amir": []}
    for way in ("invitations", "file"):
        assert [as_(getattr(cast, name)).get(f"/surveys/{asked[0]}/{way}").status_code for name in ("ferit", "ela")] == [403, 200]


def test_without_script_it_is_said_once_which_of_four_questions_have_no_mark(app, asked, as_):
    _survey, printed, once = asked
    client = as_(None)
    for code, lang, words in ((printed, "en", "2 questions have no answer yet: "), (once, "tr", "")):
        back = send(client, app, code, lang=lang, plain="1", satisfied="4", q4="Because")
        assert back.status_code == 422 and back.headers["X-Refusal"] == "open" and words in back.text and sheets() == (code == once)
        # What was given is there, the first without a mark stands open, and the next press is meant as it is.
        assert re.search(r'name="satisfied" value="4" checked', back.text) and ">Because</textarea>" in back.text
        assert re.findall(r'<details class="ask-fold" name="ask"( open)?>', back.text) == ["", " open", "", ""]
        assert '<input type="hidden" name="as_is" value="1">' in back.text and '<noscript><input type="hidden" name="plain"' in back.text
        assert send(client, app, code, lang=lang, plain="1", as_is="1", satisfied="4", q4="Because").status_code == 303
    assert sheets() == 2
    # With script, and where nothing is left, nobody is asked.
    assert send(client, app, printed, name="two").status_code == 303
    assert send(client, app, printed, name="three", plain="1", satisfied="4", listened="5", concern="5").status_code == 303
