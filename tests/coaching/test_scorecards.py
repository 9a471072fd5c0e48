"""Scorecards: loaded from files, edited in the browser, kept in versions, checked the same at both doors."""

import pytest
from sqlalchemy import func, select

from trainee.coaching.scorecards.forms import WORDS
from trainee.kit.db import db
from trainee.kit.findings import Findings
from trainee.skills import framework
from trainee.skills.scorecards import ScorecardVersion, current_card, current_cards, load, versions
from trainee.skills.scorecards.reading import ENGLISH


def typed(**changes):
    """A small card as it is typed."""
    fields = {"key": "counter", "channel": "shop", "title_tr": "Tezgâh", "title_en": "Counter", "critical": ["disrespect"]}
    for place, (skill, weight) in enumerate((("greeting", 50), ("empathy", 30), ("reliability", 20))):
        fields |= {f"skill_{place}": skill, f"weight_{place}": str(weight), f"shows_tr_{place}": "Bakar", f"shows_en_{place}": "Looks up"}
    return fields | changes


def many():
    return db.session.execute(select(func.count()).select_from(ScorecardVersion)).scalar()


def test_what_we_ship_is_loaded_with_everything_an_observer_needs(cast):
    cards = {card.key: card for card in current_cards()}
    assert set(cards) == {"phone", "chat", "email", "social", "shop", "meeting", "after-sales"}
    for card in cards.values():
        assert sum(line.weight for line in card.lines) == 100
        assert all(set(line.anchors) == {1, 2, 3, 4} and all(line.anchors.values()) for line in card.lines)
        assert card.critical


def test_every_card_we_ship_begins_with_the_greeting_in_its_own_channels_words(cast):
    cards = current_cards()
    assert {(card.lines[0].skill, card.lines[0].step) for card in cards} == {("greeting", "greet")}
    # Each says what to look for first where it is used, and no two the same; those in writing, on a visit and in a meeting have anchors of their own.
    assert len({card.lines[0].shows.tr for card in cards}) == len({card.lines[0].shows.en for card in cards}) == len(cards)
    assert {card.key for card in cards if card.lines[0].own} == {"email", "social", "after-sales", "meeting"}
    assert any("by name" in one.en for one in current_card("email").lines[0].anchors[3])


def test_the_form_of_every_card_we_ship_asks_for_the_greeting_first_and_requires_it(cast, as_):
    for key in (card.key for card in current_cards()):
        text = as_(cast.chloe).get(f"/people/{cast.amir}/observations/new", query_string={"card": key}).text
        assert min((text.index(f'id="line-{skill}"'), skill) for skill in current_card(key).skills)[1] == "greeting"
        assert 'name="level_greeting" value="1" required' in text, key


def test_loading_the_same_files_again_changes_nothing(cast, shipped, at):
    before = many()
    findings = Findings()
    load(shipped / "scorecards", at, findings)
    assert (many(), list(findings)) == (before, [])


def test_a_file_that_changed_makes_a_version_and_one_with_an_error_is_told(cast, shipped, at, tmp_path):
    text = (shipped / "scorecards" / "chat.yaml").read_text(encoding="utf-8")
    (tmp_path / "chat.yaml").write_text(
        text.replace("Chat", "Live chat", 1) if "Chat" in text else text.replace("title:", "title:", 1), encoding="utf-8"
    )
    (tmp_path / "shop.yaml").write_text("key: shop\ntitle: {tr: X, en: X}\nlines: []\n", encoding="utf-8")
    findings = Findings()
    load(tmp_path, at, findings)
    assert findings.errors
    assert current_card("shop").number == 1
    assert current_card("chat").number == 2


def test_a_card_is_made_in_the_browser_and_observed_on(cast, as_):
    answer = as_(cast.ferit).post("/scorecards/new", data=typed())
    assert (answer.status_code, answer.location) == (303, "/scorecards/counter")
    card = current_card("counter")
    assert (card.channel, card.number, card.skills) == ("shop", 1, ("greeting", "empathy", "reliability"))
    assert card.line("empathy").anchors[1] == framework().skill("empathy").anchors[1]
    assert "Counter" in as_(cast.chloe).get(f"/people/{cast.amir}/observations/new").text
    assert "Counter" in as_(cast.amir).get("/scorecards").text


def test_an_edit_is_a_new_version_and_the_same_again_is_none(cast, as_, shipped, at):
    ferit = as_(cast.ferit)
    ferit.post("/scorecards/new", data=typed())
    for _press in range(2):
        assert ferit.post("/scorecards/counter/edit", data=typed(title_en="The counter")).status_code == 303
    assert current_card("counter").number == 2
    page = ferit.get("/scorecards/counter").text
    assert "version 1" in page
    assert "version 2" in page


def test_what_is_edited_here_stays_when_the_files_are_loaded_again(cast, as_, shipped, at):
    assert as_(cast.ela).post("/scorecards/phone/edit", data=typed(channel="phone")).status_code == 303
    load(shipped / "scorecards", at, Findings())
    assert current_card("phone").skills == ("greeting", "empathy", "reliability")
    assert current_card("phone").number == 2


def test_anchors_of_its_own_take_the_place_of_the_skills(cast, as_):
    own = {f"anchors_{lang}_1_{level}": f"{lang} {level}\n{lang} more" for lang in ("tr", "en") for level in (1, 2, 3, 4)}
    as_(cast.ferit).post("/scorecards/new", data=typed(**own))
    line = current_card("counter").line("empathy")
    assert line.own
    assert [words.en for words in line.anchors[3]] == ["en 3", "en more"]
    assert not current_card("counter").line("greeting").own
    # The form shows them again.
    assert "tr 3\ntr more" in as_(cast.ferit).get("/scorecards/counter/edit").text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weight_0": "51"}, "make 101"),
        ({"weight_0": "0"}, "whole number from 1 to 100"),
        ({"weight_0": "½"}, "whole number from 1 to 100"),
        ({"skill_1": "greeting"}, "is there twice"),
        ({"skill_1": "juggling"}, "There is no skill"),
        ({"skill_1": "<b>"}, "There is no skill"),
        ({"skill_2": ""}, "three lines at least"),
        ({"title_en": ""}, "title in both languages"),
        ({"shows_tr_0": " "}, "look for first in both languages"),
        ({"channel": "pigeon"}, "There is no channel"),
        ({"critical": ["rudeness"]}, "is no critical error"),
        ({"anchors_tr_0_1": "Bakmaz", "anchors_en_0_1": "Looks away"}, "all four levels"),
        ({"anchors_tr_0_1": "Bakmaz"}, "in both languages"),
        ({"key": "Große Theke"}, "small letters"),
        ({"key": "phone"}, "already"),
    ],
)
def test_what_a_file_would_be_told_is_told_here_too(cast, as_, change, says):
    before = many()
    answer = as_(cast.ferit).post("/scorecards/new", data=typed(**change))
    assert answer.status_code == 422
    assert says in answer.text
    assert many() == before


def test_both_doors_know_the_same_complaints():
    assert set(WORDS) == set(ENGLISH)


@pytest.mark.parametrize("who", ["amir", "chloe", "ada", "max"])
def test_only_trainers_and_hr_edit(cast, as_, who):
    client = as_(getattr(cast, who))
    for answer in (
        client.get("/scorecards/new"), client.post("/scorecards/phone/edit", data=typed()), client.post("/scorecards/phone/retirement")
    ):  # fmt: skip
        assert answer.status_code == 403


def test_a_card_taken_out_of_use_is_offered_no_more_and_comes_back_as_a_version(cast, as_):
    ferit = as_(cast.ferit)
    ferit.post("/scorecards/new", data=typed())
    assert ferit.post("/scorecards/counter/retirement").status_code == 303
    assert ferit.get("/scorecards/counter").status_code == 404
    assert "Counter" not in as_(cast.chloe).get(f"/people/{cast.amir}/observations/new").text
    for card in current_cards()[1:]:
        assert ferit.post(f"/scorecards/{card.key}/retirement").status_code == 303
    last = ferit.post(f"/scorecards/{current_cards()[0].key}/retirement")
    assert last.status_code == 409
    assert "last card" in last.text
    assert ferit.post("/scorecards/new", data=typed()).status_code == 303
    assert [row.number for row in versions("counter")] == [2, 1]
    assert "counter" in {card.key for card in current_cards()}


def test_a_shipped_card_taken_out_of_use_stays_out_when_the_content_is_loaded_again(cast, as_, shipped, at):
    ferit = as_(cast.ferit)
    assert ferit.post("/scorecards/phone/retirement").status_code == 303
    told = Findings()
    load(shipped / "scorecards", at, told)
    assert told.ok
    assert "phone" not in {card.key for card in current_cards()}
    assert [row.number for row in versions("phone")] == [1]


def test_the_list_costs_the_same_for_many_cards(cast, as_, counting):
    client = as_(cast.amir)
    client.get("/scorecards")
    counting.clear()
    client.get("/scorecards")
    assert len(counting) <= 2
