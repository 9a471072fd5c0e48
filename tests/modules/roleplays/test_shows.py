"""What a scene shows is drawn as what it is, and what is written wrongly is told with its line."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from tests.modules.roleplays.conftest import PARCEL, read
from tests.modules.roleplays.test_roleplay_pages import answer, begin
from tests.modules.roleplays.test_roleplay_runs import published  # noqa: F401 - the fixture is used by name
from trainee.kit.db import db
from trainee.modules import library
from trainee.modules.library.bundle import Bundle, unpacked
from trainee.modules.roleplays.shows import kinds

SAID = 'customer: {tr: "Kolim nerede?", en: "Where is my parcel?"}'
SHOWS = {
    "mail": """
      - kind: mail
        subject: {tr: "Paketim", en: "My parcel"}
        date: {tr: "Salı 9.10", en: "Tuesday 9:10"}
        paragraphs: {tr: ["Merhaba.", "Paketim nerede?"], en: ["Hello.", "Where is my parcel?"]}""",
    "post": """
      - kind: post
        handle: "@selin"
        text: {tr: "Paketim nerede?", en: "Where is my parcel?"}
        picture: {tr: "Boş bir kapı önü.", en: "An empty doorstep."}
        likes: 1
        comments: 2
        replies:
          - {author: "Can", say: {tr: "Bende de oldu.", en: "It happened to me too."}}""",
    "chat": """
      - kind: chat
        title: {tr: "Dünkü sohbet", en: "Yesterday's chat"}
        messages:
          - {at: "18.50", say: {tr: "merhaba", en: "hello"}}
          - {who: "Gamze", ours: true, say: {tr: "Bakıyorum.", en: "I am looking."}}""",
    "place": """
      - kind: place
        where: {tr: "Hizmet masası", en: "Service desk"}
        sees: {tr: ["Elinde bir fiş var."], en: ["She holds a receipt."]}
        hears: {tr: ["Müzik açık."], en: ["Music is on."]}""",
    "record": """
      - kind: record
        title: {tr: "Ekranınızda", en: "On your screen"}
        lines: {tr: ["Paket şubede"], en: ["Parcel at the branch"]}""",
}
DRAWN = {
    "mail": ['aria-label="E-mail from Selin Kaya"', "<dt>Subject:</dt> <dd>My parcel</dd>", "<dt>To:</dt> <dd>Deniz</dd>", "<p>Hello.</p>"],
    "post": [
        'aria-label="Post by Selin Kaya"',
        "@selin",
        "An empty doorstep.",
        "1 like<",
        "2 comments<",
        "<li><strong>Can</strong> It happened to me too.</li>",
    ],
    "chat": ['aria-label="Yesterday\'s chat"', '<li class="bubble bubble-customer"><span class="bubble-who">Selin Kaya · 18.50', ">Gamze<"],
    "place": [
        'aria-label="Service desk"',
        '<ul class="place-things" aria-label="What you see">',
        '<ul class="place-things" aria-label="What you hear">',
    ],
    "record": ['aria-label="On your screen"', "<li>Parcel at the branch</li>"],
}
SLIPS = [
    ("mail", "subject:", "subjekt:", "`subject` is missing"),
    ("mail", 'en: ["Hello.", ', "en: [", "`paragraphs` has 2 lines in Turkish and 1 in English"),
    ("mail", "kind: mail", "kind: letter", "Write one of chat, mail, place, post, record."),
    ("mail", 'date: {tr: "Salı 9.10", en: "Tuesday 9:10"}', 'date: {tr: "Salı 9.10"}', "The English (`en`) of `date` is missing"),
    ("post", '"@selin"', '"selin"', "`handle` must be a name with @ in front"),
    ("post", "likes: 1", "likes: many", "`likes` must be a whole number"),
    ("chat", 'who: "Gamze", ', "who: 3, ", "`who` must be a text"),
    ("place", "        sees:", "        sights:", "`sights` is not known here"),
    ("record", "lines:", "line:", "`lines` is missing"),
]


def with_shows(words: str, kind: str, channel: str = "chat") -> str:
    """The small story, its first scene showing something in the place of what is said."""
    assert SAID in words
    return words.replace(SAID, "shows:" + SHOWS[kind]).replace("channel: chat", f"channel: {channel}")


def publish(kind: str, channel: str, at) -> None:
    """Publish the module with that story in it."""
    kept = library.current_version("greeting")
    packed = db.session.execute(select(library.ModuleVersion.files).where(library.ModuleVersion.id == kept)).scalar_one()
    files = dict(unpacked("greeting", packed).files)
    files[PARCEL.name] = with_shows(files[PARCEL.name].decode(), kind, channel).encode()
    library.publish(Bundle("greeting", files, "greeting"), at, origin="archive")
    db.session.commit()


def test_there_is_an_example_of_every_kind():
    assert sorted(SHOWS) == kinds.keys() == sorted(DRAWN)


@pytest.mark.parametrize(("kind", "before", "after", "told"), SLIPS)
def test_a_slip_in_what_is_shown_is_told_with_its_line(words, kind, before, after, told):
    right = with_shows(words, kind)
    assert read(right)[1] == []
    wrong = right.replace(before, after, 1)
    assert wrong != right
    story, said = read(wrong)
    (hit,) = [line for line in said if told in line]
    number = int(hit.split(":")[1])
    assert story is None
    first = wrong[: wrong.index("shows:")].count("\n") + 1
    assert first < number <= first + SHOWS[kind].count("\n") + 1, hit


def test_what_is_shown_is_read_like_words(words):
    story, _said = read(with_shows(words, "mail"))
    assert story.scenes["hello"].customer.en == "My parcel Hello. Where is my parcel?"


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("kind", sorted(SHOWS))
def test_it_is_drawn_as_what_it_is(as_, cast, at, kind):
    publish(kind, "phone", at)
    client = as_(cast.amir)
    url = begin(client)
    page = unescape(client.get(url).get_data(as_text=True))
    for piece in DRAWN[kind]:
        assert piece in page, piece
    assert "bubble-scene" not in page
    answer(client, url, choice="a")
    assert DRAWN[kind][0] in unescape(client.get(url).get_data(as_text=True)), "and stays so in what was said before"


@pytest.mark.usefixtures("published")
def test_in_an_e_mail_the_choices_are_drafts_and_the_answer_is_a_mail(as_, cast, at):
    publish("mail", "email", at)
    client = as_(cast.amir)
    url = begin(client)
    page = unescape(client.get(url).get_data(as_text=True))
    assert "What do you write?" in page and "What do you say?" not in page
    assert page.count(">My parcel<") == 1, "what it is about stands in the mail's head alone"
    form = page[page.index("replies-drafts") :]
    assert "<dt>To:</dt> <dd>Selin Kaya</dd>" in form and "<dd>Re: My parcel</dd>" in form
    assert form.count("draft-mark") == form.count('class="reply"') > 1
    after = unescape(answer(client, url, choice="a").get_data(as_text=True))
    mine = after[after.index("mail-mine") :]
    assert 'aria-label="E-mail from Deniz"' in mine and "<dd>Re: My parcel</dd>" in mine


@pytest.mark.usefixtures("published")
def test_a_talk_that_goes_on_by_phone_looks_like_a_call_from_there(as_, cast, at):
    kept = library.current_version("greeting")
    packed = db.session.execute(select(library.ModuleVersion.files).where(library.ModuleVersion.id == kept)).scalar_one()
    files = dict(unpacked("greeting", packed).files)
    text = files[PARCEL.name].decode()
    files[PARCEL.name] = re.sub(r"(  - id: look\n)", r"\1    channel: phone\n", text).encode()
    library.publish(Bundle("greeting", files, "greeting"), at, origin="archive")
    db.session.commit()
    client = as_(cast.amir)
    url = begin(client)
    assert 'class="stage stage-chat"' in client.get(url).get_data(as_text=True)
    page = answer(client, url, choice="a").get_data(as_text=True)
    assert 'class="stage stage-phone"' in page and "data-clock-since" in page
    assert "in-chat" in page, "what was written before stays a chat"
