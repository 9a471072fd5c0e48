"""The pages: a talk that tells nothing of what lies ahead, works as plain forms, and looks back in full."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from tests.modules.roleplays.conftest import PARCEL, read
from tests.modules.roleplays.test_roleplay_runs import published  # noqa: F401 - the fixture is used by name
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.kit.words import Text
from trainee.modules import library
from trainee.modules.library.bundle import Bundle, unpacked
from trainee.modules.roleplays import actions, onward, present, queries, said

pytestmark = pytest.mark.usefixtures("published")
FRAGMENT = {"X-Fragment": "1"}


def text(answer) -> str:
    return unescape(answer.get_data(as_text=True))


def hidden(page: str, name: str, form: str = "") -> str:
    """The value of a hidden field, in the form that posts to `form`."""
    part = page[page.index(f'action="{form}') :] if form else page
    return re.search(rf'name="{name}" value="([^"]*)"', part).group(1)


def begin(client) -> str:
    """Begin the small story from its brief, and the address of the talk."""
    page = text(client.get("/roleplays/parcel/"))
    answer = client.post("/roleplays/parcel/runs", data={"key": hidden(page, "key")})
    assert answer.status_code == 303
    # It opens where the choices are.
    url, at = answer.location.split("#")
    assert at == "now" and 'id="now"' in text(client.get(url))
    return url


def answer(client, url: str, headers=None, **given):
    """Send what the page's form would send."""
    page = text(client.get(url))
    fields = {name: hidden(page, name, f"{url}/moves") for name in ("key", "seq", "scene")}
    return client.post(f"{url}/moves", data=fields | given, headers=headers or {}, follow_redirects=True)


def play(client, url: str, check: str = "a"):
    answer(client, url, choice="a")
    answer(client, url, cues=["a", "b"])
    answer(client, url, choice=check)
    answer(client, url, text="We are late and I am sorry.")
    return answer(client, url, criteria=["sorry", "honest"])


def test_a_stranger_is_sent_to_sign_in(as_):
    for url in ("/roleplays/parcel/", "/roleplay-runs/1", "/roleplay-runs/1/debrief"):
        assert as_(None).get(url).status_code in {302, 303, 401}


def test_the_brief_tells_whom_one_will_talk_with(as_, cast):
    page = text(as_(cast.amir).get("/roleplays/parcel/"))
    assert "Selin Kaya is looking for her parcel." in page
    assert "Parcel at the branch" in page
    assert "Begin" in page


def test_policy_cards_are_filled_into_what_is_said_and_into_the_information_card(app, cast, words):
    told = words.replace('["Parcel at the branch"]', '["See {{card:late-delivery}}: {{card:late-delivery.refund_days}} & more"]')
    assert told != words
    story, _said = read(told)
    with force_locale("en"):
        assert said.say(Text("a", "Back within {{card:late-delivery.refund_days}}.\nYes.")) == "Back within 14\u00a0days.\nYes."
        (line,) = present.on_the_card(story)
    assert '<a class="card-name" href="/cards/late-delivery">' in line and "14\u00a0days &amp; more" in line


def test_an_unknown_story_is_not_there(as_, cast):
    assert as_(cast.amir).get("/roleplays/no-such-story/").status_code == 404
    assert as_(cast.amir).post("/roleplays/no-such-story/runs", data={"key": "k"}).status_code == 404


def test_nothing_of_what_lies_ahead_reaches_the_browser(as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    page = text(client.get(url))
    assert "Where is my parcel?" in page
    for secret in ("Good.", "Cold.", "I shall wait again.", "You do not hear me!", "She said thanks.", "angry", "finish", "data-breach", "mood: "):
        assert secret not in page, secret
    answer(client, url, choice="a")
    page = text(client.get(url))
    for secret in ("Good.", "I shall wait again.", "You saw it.", "telling", "My details?", "greeting"):
        assert secret not in page.replace("ngettext", ""), secret


def test_a_whole_talk_works_as_plain_forms(as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    page = text(play(client, url))
    assert "She said thanks." in page
    assert f"{url}/debrief" in page


@pytest.mark.parametrize(
    ("words", "is_told"),
    [
        ("(The call is over.)", True),
        ("(The call is over (at last). What do you record?) (Four calls are waiting.)", True),
        ("“Good evening.” (The call is over.)", False),
        ("(Sighs.) And now?", False),
        ("(Sighs.) And now? (Waits.)", False),
        ("Where is my parcel?", False),
    ],
)
def test_words_wholly_in_brackets_are_told_and_not_said(words, is_told):
    assert said.told(words) is is_told


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Where is my parcel?", ["Where is my parcel?"]),
        ("(The call is over.)", ["(The call is over.)"]),
        ("(Two minutes pass. The shop has not answered.) are you there", ["(Two minutes pass. The shop has not answered.)", "are you there"]),
        ("it leaks again (He has sent a photo.)", ["it leaks again", "(He has sent a photo.)"]),
        ("(E-mail, subject: 'hello.') 'Hello' (An invoice is attached.)", ["(E-mail, subject: 'hello.')", "'Hello'", "(An invoice is attached.)"]),
        ("(yesterday) it came (broken)", ["(yesterday) it came (broken)"]),
        ("it came (at last!) and it is blue", ["it came (at last!) and it is blue"]),
        ("(One more line:) 'I am waiting.'", ["(One more line:)", "'I am waiting.'"]),
    ],
)
def test_what_happens_stands_apart_from_what_is_written(words, parts):
    assert said.apart(words) == parts


def test_in_writing_what_happens_and_what_is_done_are_nobodys_words(as_, cast, at):
    client = as_(cast.amir)
    kept = library.current_version("greeting")
    files = dict(
        unpacked("greeting", db.session.execute(select(library.ModuleVersion.files).where(library.ModuleVersion.id == kept)).scalar_one()).files
    )
    story = files[PARCEL.name].replace(b"Where is my parcel?", b"(The shop is empty.) where is my parcel")
    for channel, bubbles, question in (("chat", ["What happens", "Selin Kaya"], "What do you write?"), ("phone", ["Selin Kaya"], "What do you say?")):
        files[PARCEL.name] = re.sub(rb"channel: [a-z]+", b"channel: " + channel.encode(), story)
        library.publish(Bundle("greeting", files, "greeting"), at, origin="archive")
        db.session.commit()
        page = text(client.get(begin(client)))
        now = page.split('id="now"')[1].split("</div>")[0]
        assert re.findall(r'bubble-who">([^<]+)<', now) == bubbles
        assert now.count("data-focus") == 1
        assert "The shop is empty." in now and "(The shop" not in now
        assert question in page


def test_what_is_told_is_not_put_into_the_customers_mouth(as_, cast, at):
    client = as_(cast.amir)
    spoken = text(client.get(begin(client)))
    assert '<span class="bubble-who">Selin Kaya' in spoken
    assert "What do you write?" in spoken
    kept = library.current_version("greeting")
    files = dict(
        unpacked("greeting", db.session.execute(select(library.ModuleVersion.files).where(library.ModuleVersion.id == kept)).scalar_one()).files
    )
    files[PARCEL.name] = files[PARCEL.name].replace(b"Where is my parcel?", b"(The shop is empty.)")
    library.publish(Bundle("greeting", files, "greeting"), at, origin="archive")
    db.session.commit()
    page = text(client.get(begin(client)))
    assert '<span class="bubble-who">What happens' in page
    assert "What do you do?" in page
    assert "What do you write?" not in page


def test_the_clock_does_not_count_the_time_she_was_away(cast, at):
    run_id = actions.begin(cast.amir, "parcel", "a key", at)
    run = queries.run_or_404(run_id, cast.amir)
    assert present.seconds_on_the_line(run, at + timedelta(seconds=20)) == 20
    assert present.seconds_on_the_line(run, at + timedelta(days=1)) == 60
    later = at + timedelta(days=1)
    actions.move(run_id, cast.amir, 0, "hello", {"choice": ["a"]}, "first", "en", later)
    assert present.seconds_on_the_line(queries.run_or_404(run_id, cast.amir), later + timedelta(seconds=15)) == 75


def test_with_the_script_only_the_part_comes_back(as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    page = text(answer(client, url, FRAGMENT, choice="a"))
    assert page.lstrip().startswith("<div")
    assert "data-swap" in page
    assert "There are four notes on the screen." in page


def test_the_check_shows_what_was_found_and_keeps_the_choice_hers(as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    for given in ({"choice": "a"}, {"cues": ["a", "b"]}, {"choice": "a"}):
        answer(client, url, **given)
    page = text(answer(client, url, text="We are late and I am sorry, but the van broke down."))
    assert "“but” speaks against it." in page
    assert re.search(r'value="sorry"(?! checked)', page)
    assert re.search(r'value="honest"(?! checked)', page), "nothing was found that it could count beside"
    assert "It counts beside something else on this list." in page
    assert "Thank you." not in page


def test_a_reply_that_is_too_short_stays_in_its_field(as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    for given in ({"choice": "a"}, {"cues": ["a", "b"]}, {"choice": "a"}):
        answer(client, url, **given)
    refused = answer(client, url, text="Sorry <b>")
    assert refused.status_code == 422
    assert "at least 10 characters" in text(refused)
    assert "Sorry <b>" in text(refused)
    assert b"Sorry <b>" not in refused.data


@pytest.mark.parametrize("cues", [["a"], ["a", "b", "c"]])
def test_fewer_or_more_cues_than_asked_for_are_refused_and_stay_ticked(as_, cast, cues):
    client = as_(cast.amir)
    url = begin(client)
    answer(client, url, choice="a")
    refused = answer(client, url, cues=cues)
    assert refused.status_code == 422
    assert text(refused).count(" checked") == len(cues)
    assert f"Choose 2, the ones that matter. Marked now: {len(cues)}." in text(refused)
    assert answer(client, url, cues=["a", "b"]).status_code == 200


def test_what_she_noticed_is_not_said_to_the_customer(as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    answer(client, url, choice="a")
    page = text(answer(client, url, cues=["a", "b"]))
    assert (
        '<p class="bubble bubble-noted in-chat"><span class="bubble-who">What you noticed</span><span class="bubble-words">Birthday tomorrow · '
        in page
    )
    answer(client, url, choice="b")
    answer(client, url, text="We are late and I am sorry.")
    answer(client, url, criteria=["sorry", "honest"])
    # In the look back and in its best line neither.
    back = text(client.get(f"{url}/debrief"))
    assert back.count('<p class="bubble bubble-noted in-chat"><span class="bubble-who">What you noticed</span>') == 2
    assert 'bubble-agent in-chat"><span class="bubble-who">Deniz</span><span class="bubble-words">Birthday' not in back


def test_name_and_mood_stand_in_the_bar_that_stays_in_sight(as_, cast):
    client = as_(cast.amir)
    page = text(client.get(begin(client)))
    bar = page[page.index('class="player-bar"') : page.index('class="stage ')]
    assert '<strong class="whom-name">Selin Kaya</strong>' in bar
    assert '<span class="mood-word">Upset</span>' in bar


def test_a_page_that_is_no_longer_where_the_talk_is_says_so_and_shows_where_it_is(as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    old = text(client.get(url))
    answer(client, url, choice="a")
    stale = {"key": hidden(old, "key", f"{url}/moves"), "seq": 0, "scene": "hello", "choice": "b"}
    refused = client.post(f"{url}/moves", data=stale, headers=FRAGMENT)
    assert refused.status_code == 409
    assert 'id="now"' in text(refused).partition("The talk has moved on")[0]
    assert text(refused).count('id="now"') == 1
    assert "There are four notes on the screen." in text(refused)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 400),
        ({"seq": "x"}, 400),
        ({"seq": "0"}, 400),
        ({"seq": "0", "key": "k"}, 409),
        ({"seq": "0", "key": "k", "scene": "hello"}, 422),
        ({"seq": "0", "key": "k", "scene": "hello", "choice": "c"}, 409),
        ({"seq": "9" * 400, "key": "k", "scene": "hello", "choice": "a"}, 409),
    ],
)
def test_a_form_that_nobody_made_gets_a_sentence(as_, cast, data, status):
    client = as_(cast.amir)
    url = begin(client)
    answer = client.post(f"{url}/moves", data=data)
    assert answer.status_code == status
    assert queries.run_or_404(int(url.rsplit("/", 1)[1]), cast.amir).moves == ()


def test_nobody_else_sees_a_run(as_, cast):
    url = begin(as_(cast.amir))
    for who in (cast.beth, cast.chloe, cast.ela, cast.ada):
        for address in (url, f"{url}/debrief"):
            assert as_(who).get(address).status_code == 404
        for address in (f"{url}/moves", f"{url}/replays"):
            assert as_(who).post(address, data={"seq": "0", "key": "k", "scene": "hello", "choice": "a", "from": "0"}).status_code == 404


def test_the_look_back_waits_for_the_end(as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    answer = client.get(f"{url}/debrief")
    assert (answer.status_code, answer.location) == (303, url)


def test_the_look_back_tells_everything(as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    play(client, url, check="b")
    page = text(client.get(f"{url}/debrief"))
    for told in (
        "She complained.",
        "Critical error: Data breach",
        "I shall wait again.",
        "A breach.",
        "Two questions. — from here “Won” was still within reach.",
        "Birthday tomorrow",
        "We are late and I am sorry.",
        "Read the lesson.",
        '<span>Was it solved?</span><span class="progress-words">6 of 9 points</span>',
        '<span>Was it easy for Selin Kaya?</span><span class="progress-words">3 of 4 scenes</span>',
        "You have reached 1 of 3 endings.",
        "The critical error (Data breach) was in scene 3</a>. What you said there: “You live at 4 Rose Street.”",
        "Replay from here",
        "What moved in your skills",
        "2 new pieces of evidence; not enough yet to name a level.",
        "Show as a table",
    ):
        assert told in page, told
    assert "<svg" in page


def test_after_an_ending_without_a_critical_error_the_scene_that_left_most_is_named(as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    answer(client, url, choice="a")
    answer(client, url, cues=["c", "d"])
    answer(client, url, choice="a")
    answer(client, url, text="We are late and I am sorry.")
    answer(client, url, criteria=["sorry"])
    page = text(client.get(f"{url}/debrief"))
    assert 'href="#scene-2">Try another reply in scene 2</a>. What you said there: “The box is blue · ' in page
    assert 'id="scene-2"' in page
    assert 'name="from" value="1"' in page
    best = begin(client)
    play(client, best)
    assert "Try another reply" not in text(client.get(f"{best}/debrief"))


def test_a_next_step_leads_to_what_it_names_in_quotation_marks():
    places = {"The promise log": "/log", "The promise": "/promise"}
    assert onward.linked('Open "The promise log", then replay.', places) == [('Open "', None), ("The promise log", "/log"), ('", then replay.', None)]
    assert onward.linked("Open 'The promise' first.", places) == [("Open '", None), ("The promise", "/promise"), ("' first.", None)]
    # A title that is not quoted is a word like others.
    assert onward.linked("The promise log is open.", places) == [("The promise log is open.", None)]


def test_the_next_step_after_a_critical_error_may_be_its_own_and_links_the_lesson(as_, cast, at):
    kept = library.current_version("greeting")
    content = library.module(kept)
    lesson = content.lessons[0]
    files = dict(
        unpacked("greeting", db.session.execute(select(library.ModuleVersion.files).where(library.ModuleVersion.id == kept)).scalar_one()).files
    )
    own = f"""    next_step_for: {{data-breach: {{tr: "'{lesson.title.tr}' dersi.", en: "Read '{lesson.title.en}'."}}}}\n"""
    files[PARCEL.name] = files[PARCEL.name].rstrip(b"\n") + b"\n" + own.encode()
    library.publish(Bundle("greeting", files, "greeting"), at, origin="archive")
    db.session.commit()
    client = as_(cast.amir)
    url = begin(client)
    play(client, url, check="b")
    page = text(client.get(f"{url}/debrief"))
    assert f"Read '<a href=\"/learn/greeting/{lesson.key}\">{lesson.title.en}</a>'." in page
    assert "Read the lesson." not in page


def test_replaying_from_a_scene_begins_there(as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    play(client, url, check="b")
    answer = client.post(f"{url}/replays", data={"key": "r", "from": "2"})
    assert answer.status_code == 303
    assert "My details?" in text(client.get(answer.location))
    for wrong in ("", "x", "99"):
        assert client.post(f"{url}/replays", data={"key": "r2", "from": wrong}).status_code == 422


def test_the_brief_offers_to_go_on_and_lists_the_endings(as_, cast):
    client = as_(cast.amir)
    play(client, begin(client))
    url = begin(client)
    page = text(client.get("/roleplays/parcel/"))
    assert "Go on where you stopped" in page
    assert url in page
    assert "Won" in page


def test_the_replies_are_mixed_and_stay_where_they_are_in_one_run(as_, cast):
    client = as_(cast.amir)
    orders = set()
    for _time in range(16):
        url = begin(client)
        seen = {tuple(re.findall(r'name="choice" value="(.)"', text(client.get(url)))) for _again in range(2)}
        assert len(seen) == 1
        orders |= seen
    assert len(orders) == 2


def test_the_pages_speak_the_readers_language(as_, cast, person):
    person(cast.amir).language = "tr"
    db.session.commit()
    client = as_(cast.amir)
    url = begin(client)
    page = text(client.get(url))
    assert "Kolim nerede?" in page
    assert "Where is my parcel?" not in page


def test_the_talk_is_read_with_few_statements_however_long_it_is(as_, cast, counting):
    client = as_(cast.amir)
    url = begin(client)
    client.get(url)
    counts = []
    for given in ({"choice": "a"}, {"cues": ["a", "b"]}, {"choice": "a"}):
        counting.clear()
        client.get(url)
        counts.append(len(counting))
        answer(client, url, **given)
    assert max(counts) <= 5
    assert len(set(counts)) == 1


def test_of_two_tabs_that_answer_at_once_one_is_heard(app, as_, cast):
    client = as_(cast.amir)
    url = begin(client)
    db.session.remove()

    def send(number: int) -> int:
        with app.app_context():
            data = {"key": f"tab-{number}", "seq": "0", "scene": "hello", "choice": "ab"[number % 2]}
            return as_(cast.amir).post(f"{url}/moves", data=data).status_code

    with ThreadPoolExecutor(4) as tabs:
        statuses = sorted(tabs.map(send, range(4)))
    assert statuses == [303, 409, 409, 409]
    assert len(queries.run_or_404(int(url.rsplit("/", 1)[1]), cast.amir).moves) == 1


def test_the_look_back_is_read_with_few_statements(as_, cast, counting):
    client = as_(cast.amir)
    url = begin(client)
    play(client, url)
    client.get(f"{url}/debrief")
    counting.clear()
    client.get(f"{url}/debrief")
    # One of them asks what came of the replies that she showed.
    assert len(counting) <= 10, counting


def test_words_of_somebody_else_stand_under_her_own_name(app):
    story = library.module_or_404("escalation")[1].story("gas-smell")
    assert said.who_speaks(story, story.scenes["g7"]) == "Aylin Koç"
    assert said.who_speaks(story, story.scenes["g1"]) == story.customer.name
