"""A form that is refused comes back in its place, with all that was typed; where somebody saved meanwhile, both stand there."""

import pytest

from trainee.kit.db import db
from trainee.service import baseline, board, handbook
from trainee.service.model.sections import sections

BOTH = {"tr": "Nöbetçi", "en": "Duty manager"}
# It stands at the head and beside the input.
NOW = "Here now stands: “"


@pytest.fixture
def stands(app, cast, at):
    """A card of the board, a look at where we are, and a remedy."""
    board.open_card("The depot misses dates.", receipt="c", at=at, by_id=None, values={"before": "71 % of 58"})
    baseline.take("Before the plan", at.date(), {"chain": {}, "tree": {}}, receipt="b", at=at, by_id=None)
    values = {"name": {"tr": "Kredi", "en": "Credit"}, "sort": "credit", "employee": 750, "leader": 3000, "conditions": BOTH, "floor": BOTH}
    handbook.add("remedy", values, at=at, by_id=None)
    db.session.commit()


def test_a_card_that_lacks_a_figure_stays_open_on_its_own_page(stands, as_, cast):
    refused = as_(cast.chloe).post("/improvements/1/closure", data={"revision": "0"})
    assert refused.status_code == 422 and "A card is closed with a figure before and one after." in refused.text
    assert "The depot misses dates." in refused.text and "/improvements/1/change" in refused.text


def test_who_saves_second_reads_both_and_saves_hers_only_when_she_says_so(stands, as_, cast):
    chloe, card = as_(cast.chloe), "/improvements/1/change"
    typed = {"issue": "The depot misses dates.", "before": "71 % of 58", "measure": "Promises kept", "revision": "0"}
    assert chloe.post(card, data=typed).status_code == 303
    late = chloe.post(card, data=typed | {"measure": "Called back"})
    assert late.status_code == 409 and f"{NOW}Promises kept”" in late.text and 'value="Called back"' in late.text and late.text.count(NOW) == 2
    assert 'name="revision" value="1"' in late.text
    assert chloe.post(card, data=typed | {"measure": "Called back", "revision": "1"}).status_code == 303

    ela, entry = as_(cast.ela), "/service/change/remedy/credit"
    values = {"name_tr": "Kredi", "name_en": "Credit", "sort": "credit", "employee": "800", "leader": "3.000,00", "number": "1"}
    values |= {f"{name}_{lang}": words for name in ("conditions", "floor") for lang, words in BOTH.items()}
    assert ela.post(entry, data=values).status_code == 303
    late = ela.post(entry, data=values | {"employee": "2,900.00"})
    assert late.status_code == 409 and f"{NOW}800”" in late.text and 'value="2,900"' in late.text and late.text.count(NOW) == 2

    first = next(one for one in sections() if one.fields)
    step = f"/service/draft/{first.key}"
    words = {name: "Aynı gün" for field in first.fields for name, _lang in field.parts} | {"revision": "0"}
    assert ela.post(step, data=words).status_code == 303
    name = next(iter(words))
    late = ela.post(step, data=words | {name: "Ertesi gün"})
    assert late.status_code == 409 and f"{NOW}Aynı gün”" in late.text and "Ertesi gün" in late.text


def test_taking_stock_without_a_title_is_asked_for_it_there(stands, as_, cast):
    refused = as_(cast.ela).post("/service/baselines", data={"title": " ", "receipt": "x"})
    assert refused.status_code == 422 and 'id="title-errors"' in refused.text and "Before the plan" in refused.text


def test_what_is_published_unchanged_is_said_to_be_unchanged_and_what_lacks_is_told_on_the_page(stands, as_, cast):
    ela = as_(cast.ela)
    refused = ela.post("/service/publication")
    assert refused.status_code == 422 and "Something is still missing" in refused.text and "Write the service model" in refused.text
    revision = 0
    for one in sections():
        typed = {name: "Aynı gün" for field in one.fields for name, _lang in field.parts} | {"revision": str(revision)}
        typed |= {"measure": "csat", "threshold": "80", "review_by": "2027-01-31"}
        if one.fields:
            assert ela.post(f"/service/draft/{one.key}", data=typed).status_code == 303
            revision += 1
    ela.post("/service/template/touchpoint")
    assert ela.post("/service/publication", follow_redirects=True).text.count("Version 1 is published.") == 1
    # Nothing to press where nothing has changed; whoever has the old page open is told so.
    shown = ela.get("/service/draft").text
    assert "Nothing has changed since version 1, which everybody reads." in shown and "/service/publication" not in shown
    again = ela.post("/service/publication", follow_redirects=True).text
    assert "Nothing has changed since version 1" in again and "Version 1 is published." not in again


def test_an_empty_address_of_who_is_not_to_be_asked_is_told(as_, cast):
    refused = as_(cast.ela).post("/surveys/refusals", data={"address": "nobody"})
    assert refused.status_code == 422 and "Please write the address." in refused.text
