"""Listening: a guide is written, talked along and written anew, public voices come in a file, and the tree is read without its colours."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import faults, too_wide
from tests.browser.steps import fill, press, rest, tick
from trainee import profile, voice
from trainee.dashboards.chain import TREE
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.voice.interviews.models import InterviewQuote, InterviewTalk
from trainee.voice.public.models import PublicVoice

pytestmark = pytest.mark.browser
SAVE = "main form[data-kept] .button-primary"


def looked_at(page: Page) -> None:
    """Nothing is wider than the screen, and nothing keeps anybody from reading it."""
    rest(page)
    assert too_wide(page) == 0
    assert faults(page) == []


def test_a_guide_is_written_talked_along_and_written_anew_and_what_was_said_is_coded(signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("ferit")
    page.goto(f"{site}/interviews/guides")
    press(page, "main a:has-text('Write a guide')")
    texts = {"title_tr": "Teslimat görüşmesi", "title_en": "A talk about delivery", "intro_tr": "Sizi dinliyoruz.", "intro_en": "We listen to you."}
    asked = {"ask_tr_1": "Ne oldu?", "ask_en_1": "What happened?", "ask_tr_2": "Kim aradı?", "ask_en_2": "Who called?", "ask_tr_3": "Başka?"}
    fill(page, "main form[data-kept]", {name: [words] for name, words in {**texts, **asked}.items()})
    press(page, SAVE)
    # One question lacks its English: it is named, and nothing typed is lost.
    expect(page.locator("#ask_en_3-errors")).to_contain_text("Please write it in both languages")
    expect(page.locator("#ask_tr_1")).to_have_value("Ne oldu?")
    looked_at(page)
    page.fill("#ask_en_3", "Anything else?")
    press(page, SAVE)
    expect(page.locator("main ol.reading > li")).to_have_text(["What happened?", "Who called?", "Anything else?"])
    looked_at(page)

    press(page, "main a:has-text('Begin a talk')")
    expect(page.locator("select[name=guide] option:checked")).to_have_text("A talk about delivery")
    fill(
        page, "main form:has([name=whom])", {"held_on": ["2024-05-02"], "whom": ["Bought a fridge in May"], "language": ["en"], "consent": ["quotes"]}
    )
    press(page, "main form:has([name=whom]) .button-primary")
    talk = page.url
    expect(page.locator("#notes")).to_contain_text("version 1 of the guide")
    page.fill("textarea[name=note-q1]", "It came on the wrong day.")
    press(page, "main form:has([name=note-q1]) .button-primary")
    page.fill("textarea[name=words]", "Nobody told me the day had moved.")
    tick(page.locator("input[name=side][value=weakness]"))
    page.select_option("select[name=quality]", "reliability")
    press(page, "main form:has([name=words]) button:has-text('Code it')")
    expect(page.locator("#quotes")).to_contain_text("Nobody told me the day had moved.")
    looked_at(page)

    page.goto(f"{site}/interviews/guides")
    press(page, "main a:has-text('A talk about delivery')")
    press(page, "main a:has-text('Change it')")
    expect(page.locator("main")).to_contain_text("what you save becomes the next version")
    page.fill("#ask_en_1", "What happened on the day?")
    page.fill("#ask_tr_1", "O gün ne oldu?")
    press(page, SAVE)
    expect(page.locator("main ol.reading > li").first).to_have_text("What happened on the day?")
    expect(page.locator("#versions")).to_contain_text("Version 1")
    # What was said along the first version is told with the guide, and the talk keeps what was asked then.
    expect(page.locator("#said")).to_contain_text("Nobody told me the day had moved.")
    looked_at(page)
    page.goto(talk)
    expect(page.locator("#notes")).to_contain_text("What happened?")
    expect(page.locator("textarea[name=note-q1]")).to_have_value("It came on the wrong day.")
    assert db.session.execute(select(InterviewTalk.guide_id, InterviewTalk.language)).all() == [(1, "en")]
    assert db.session.execute(select(InterviewQuote.side, InterviewQuote.quality, InterviewQuote.verbatim)).all() == [
        ("weakness", "reliability", True)
    ]


def test_a_file_of_public_voices_tells_its_wrong_row_and_is_counted(signed_in: Callable[[str], Page], site: str, tmp_path: Path) -> None:
    page = signed_in("ela")
    page.goto(f"{site}/customers/public")
    expect(page.locator("#months")).to_contain_text("Nothing is counted yet.")
    looked_at(page)
    # A month that is over on every day, and stands among the last twelve.
    month = f"{now() - timedelta(days=45):%Y-%m}"
    file = tmp_path / "voices.csv"
    rows = f"{month};reviews;late-delivery;7;1,5", f"{month};nowhere;rude;3;", f"{month};complaints;late-delivery;4;"
    file.write_text("\n".join(("month;source;theme;count;mean", *rows)), encoding="utf-8")
    page.set_input_files("input[name=file]", file)
    expect(page.locator("[data-file-name]")).to_have_text("voices.csv")
    press(page, "#from-file form button[type=submit]")
    expect(page.locator("#taken")).to_contain_text("2 new, 0 changed, 0 as before, 1 left out.")
    wrong = page.locator("#taken table tbody tr")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("3")
    expect(wrong).to_contain_text("“nowhere” is no source we know.")
    expect(page.locator("#themes table tbody tr")).to_have_count(1)
    expect(page.locator("#themes table tbody tr")).to_contain_text("Late delivery")
    looked_at(page)
    # By hand: what is wrong stands at its field, and what was typed stays.
    fill(page, "#to-count form", {"month": [month], "source": ["social"], "theme": ["rude"], "count": ["many"], "comment": ["Call 0555 123 45 67"]})
    press(page, "#to-count .button-primary")
    expect(page.locator("#count-errors")).to_contain_text("is no count from 1 to")
    expect(page.locator("#comment")).to_have_value("Call 0555 123 45 67")
    page.fill("#count", "2")
    press(page, "#to-count .button-primary")
    expect(page.locator("#themes table tbody tr")).to_have_count(2)
    found = db.session.execute(select(PublicVoice.source, PublicVoice.n, PublicVoice.example).order_by(PublicVoice.n)).all()
    assert [(row.source, row.n) for row in found] == [("social", 2), ("complaints", 4), ("reviews", 7)]
    assert "0555" not in found[0].example


@pytest.fixture
def known(cast: SimpleNamespace) -> None:
    """Twelve were seen to keep what they promised, twelve greeted nobody, and nine of twelve customers say that the promise was kept."""
    at = now() - timedelta(days=3)
    for skill, score in (("reliability", 1.0), ("greeting", 0.0)):
        seen = [profile.Showing(cast.amir, skill, "observation_line", score, "call", at, f"{skill}{one}", actor_id=cast.chloe) for one in range(12)]
        profile.record(seen, at)
    voice.take_ratings([voice.Answer(cast.amir, at, "kept_promise", 5 if one < 9 else 2, "crm", str(one), "") for one in range(12)], at)
    db.session.commit()


def test_the_tree_is_read_without_its_colours(known: None, signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("max")
    # On a phone the list stands alone; on a screen beside the drawing, with the same names and figures.
    page.goto(f"{site}/service/tree")
    told = page.locator("#trunk")
    expect(page.locator(".tree-picture")).to_be_hidden()
    expect(told.locator("li")).to_have_count(len(TREE))
    dependable = told.locator("#branches li", has_text="People one can depend on")
    expect(dependable).to_contain_text("seen to go well")
    expect(dependable).to_contain_text(
        "Seen at work: 4.0 of 4 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}12) · Customers: 75% (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}12)"
    )
    expect(told.locator("li", has_text="First impression").first).to_contain_text("worth a look")
    expect(told.locator("#branches li", has_text="Price and value")).to_contain_text("too little was seen")
    looked_at(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(forced_colors="active")
    picture = page.locator(".tree-picture")
    expect(picture).to_be_visible()
    expect(picture).to_have_attribute("aria-hidden", "true")
    drawn = picture.locator("a")
    expect(drawn).to_have_count(len(TREE))
    for link in drawn.all():
        name = link.locator("text").first.text_content()
        expect(told.get_by_role("link", name=name, exact=True)).to_be_visible()
        # The name fits into what is drawn around it.
        assert link.evaluate("one => one.querySelector('text').getBBox().width + 8 <= one.querySelector('rect').getBBox().width"), name
    looked_at(page)
    # Whoever has no mouse comes to the list and not through the drawing.
    told.get_by_role("link", name="People one can depend on", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("People one can depend on")
