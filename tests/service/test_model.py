"""The service model: written in ten questions, published whole in both languages, read by everybody."""

import io

import pytest
import yaml
from sqlalchemy import update

from tests.house.world import service_words
from trainee.config import SHIPPED_CONTENT
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.people import Person
from trainee.service import handbook, model
from trainee.service.fields import Field, choice, facts_of, read
from trainee.service.handbook.files import begin_journey
from trainee.service.model.queries import forget, versions
from trainee.service.model.sections import bare_stages, lacking, sections

OWNER = {"tr": "Mağaza müdürü", "en": "Shop manager"}
POINT = {"name": OWNER, "stage": "arrive", "channel": "shop", "owner": OWNER, "quality": "empathy", "score": None, "priority": "high"}
_TOLD = ("name", "hours", "promise", "cost", "owner", "who", "within", "sample", "never")
CHANNEL = {
    **{
        f"{name}_{lang}": f"{name} {lang}"
        for name in ("name", "hours", "promise", "cost", "owner", "who", "within", "sample", "never")
        for lang in ("tr", "en")
    },
    "sort": "phone",
    "where": "0222 000 00 00",
}


@pytest.mark.parametrize("key", ["meaning", "attract", "keep", "qualities", "satisfied", "listen", "win_back", "change"])
@pytest.mark.parametrize("lang", ["tr", "en"])
def test_a_section_that_lacks_a_language_keeps_the_model_from_being_published(app, key, lang):
    words = service_words()
    assert lacking(words, [POINT]) == []
    (section,) = [one for one in sections() if one.key == key]
    bilingual = next(one.key for one in section.fields if one.both)
    short = {**words, bilingual: {**words[bilingual], lang: " "}}
    assert [one.key for one in lacking(short, [POINT])] == [key]


def test_the_journey_needs_a_touchpoint_and_tells_its_bare_stages(app):
    assert [one.key for one in lacking(service_words(), [])] == ["journey"]
    assert len(bare_stages([POINT])) == 7 and "Arrives and is greeted" not in map(str, bare_stages([POINT]))


def test_what_is_published_stays_and_the_next_version_is_read_anew(cast, at):
    model.write(service_words(), revision=0, at=at, by_id=cast.ela)
    with pytest.raises(Refusal, match="Somebody changed this"):
        model.write({"keep": {"tr": "a", "en": "b"}}, revision=0, at=at, by_id=cast.ada)
    assert model.publish([POINT], at=at, by_id=cast.ela) == model.publish([POINT], at=at, by_id=cast.ela) == 1
    model.acknowledge(cast.amir, 1, at=at)
    model.acknowledge(cast.amir, 1, at=at)
    assert model.readers_among(model.current().id, [cast.amir, cast.beth]) == (1, 2)
    assert [one.readers for one in versions()] == [1]
    # Whoever has left counts neither here nor there.
    db.session.get_one(Person, cast.amir).disabled_at = at
    db.session.flush()
    assert [one.readers for one in versions()] == [0] == [model.readers_among(model.current().id, None)[0]]
    db.session.get_one(Person, cast.amir).disabled_at = None
    model.write({"keep": {"tr": "Ararız.", "en": "We call."}}, revision=1, at=at, by_id=cast.ela)
    assert model.current().words["keep"]["en"] == "We come on the day we named."
    assert model.publish([POINT], at=at, by_id=cast.ela) == 2
    with pytest.raises(Refusal, match="newer version"):
        model.acknowledge(cast.beth, 1, at=at)
    assert model.readers_among(model.current().id, [cast.amir, cast.beth]) == (0, 2)


def test_the_wizard_leads_a_trainer_from_the_first_question_to_a_page_everybody_reads(as_, cast):
    forget()
    trainer = as_(cast.ferit)
    assert "Nobody has said yet" in as_(cast.amir).get("/service").text
    assert "lead you to a page" in trainer.get("/service").text
    assert trainer.post("/service/publication").status_code == 422
    for revision, one in enumerate(sections()):
        typed = {name: "Aynı gün" for field in one.fields for name, _lang in field.parts}
        typed |= {"measure": "csat", "threshold": "80", "review_by": "2027-01-31", "revision": str(revision if revision < 6 else revision - 1)}
        if one.fields:
            answer = trainer.post(f"/service/draft/{one.key}", data=typed)
            assert answer.status_code == 303, one.key
    assert "1 section is still missing" in trainer.get("/service/draft").text
    trainer.post("/service/template/touchpoint")
    trainer.post("/service/template/touchpoint")
    assert len(handbook.entries("touchpoint")) == 10
    assert trainer.post("/service/publication").status_code == 303
    page = as_(cast.amir).get("/service").text
    assert "How we attract customers" in page and "How we keep customers" in page and "I have read it" in page
    assert as_(cast.amir).post("/service/versions/1/reading").status_code == 303
    assert "You read it on" in as_(cast.amir).get("/service").text
    assert "1 of 13 have read it" in as_(cast.ela).get("/service").text
    # What was published is whole: taking a touchpoint out of use does not rewrite it.
    trainer.post("/service/removal/touchpoint/installation")
    assert "Installation" in as_(cast.amir).get("/service/versions/1").text
    assert as_(cast.amir).get("/service/draft").status_code == 403


def test_a_field_is_written_in_both_languages_or_told(app):
    fields = (Field("name", "Name", "line"), Field("more", "More", required=False), Field("many", "Many", "number", both=False))
    values, wrong = read(fields, {"name_tr": " İ  ", "name_en": "", "more_tr": "x", "many": "٣"})
    assert wrong == {
        "name_en": "Please fill this in.",
        "more_en": "Please write it in both languages, or in neither.",
        "many": "Please write a whole number, without signs.",
    }
    assert values["name"]["tr"] == "İ"
    values, wrong = read(fields, {"name_tr": "a", "name_en": "b", "many": "12"})
    assert not wrong and values == {"name": {"tr": "a", "en": "b"}, "more": {"tr": "", "en": ""}, "many": 12}
    assert facts_of(fields, values, "en") == [("Name", "b"), ("Many", "12")]
    assert "name_tr" in read(fields, {"name_tr": "a" * 121, "name_en": "b", "many": "1"})[1]
    assert read((choice("one", "One", lambda: [("a", "A")]),), {"one": "b"})[1] == {"one": "Please choose one of these."}
    assert read((Field("day", "Day", "date", both=False),), {"day": "2026-99-99"})[1] == {"day": "Please write a date like 2026-03-11."}


def test_a_phone_says_what_it_costs_and_every_channel_how_one_greets(as_, cast):
    ela = as_(cast.ela)
    free = {**CHANNEL, "cost_tr": "", "cost_en": ""}
    assert "what a call costs" in ela.post("/service/new/channel", data=free).text
    assert ela.post("/service/new/channel", data={**CHANNEL, "sample_en": ""}).status_code == 422
    for _twice in range(2):
        assert ela.post("/service/new/channel", data=CHANNEL).location.endswith("/service/book/channel/name-en")
    page = as_(cast.amir).get("/service/book/channel/name-en").text
    assert "sample en" in page and "never en" in page and "cost en" in page
    assert as_(cast.amir).post("/service/new/channel", data=CHANNEL).status_code == 403


def test_a_cause_and_severity_have_exactly_one_owner(cast, at):
    line = {"cause": "refund", "severity": "light", "owner": OWNER, "hours": 24, "next": OWNER, "first": {"tr": "", "en": ""}}
    assert handbook.add("routing", line, at=at, by_id=None) == "refund-light"
    with pytest.raises(Refusal, match="line for this already"):
        handbook.add("routing", {**line, "hours": 48}, at=at, by_id=None)
    assert len(handbook.entries("routing")) == 1


def test_a_job_without_a_part_in_service_is_refused(as_, cast):
    typed = {"name_tr": "Depo", "name_en": "Store", "duties_tr": "Sayar", "duties_en": "Counts", "skills_tr": "a", "skills_en": "a"}
    typed |= {"level": "office", "greeting": "2", "needs": "2", "channel": "2"}
    refused = as_(cast.ela).post("/service/new/position", data=typed)
    assert refused.status_code == 422 and "service_en" in refused.text
    assert as_(cast.ela).post("/service/new/position", data={**typed, "service_tr": "Yol gösterir", "service_en": "Shows the way"}).status_code == 303


def test_the_book_of_jobs_names_those_that_people_have_and_nothing_is_written_of(as_, cast):
    db.session.execute(update(Person).values(job=""))
    db.session.execute(update(Person).where(Person.id.in_((cast.amir, cast.beth))).values(job="Kasiyer"))
    db.session.execute(update(Person).where(Person.id == cast.chloe).values(job="depo"))
    db.session.commit()
    page = as_(cast.ela).get("/service/book/position").text
    assert "2 jobs have no part in service yet" in page
    assert page.index('href="/service/new/position?name_tr=Kasiyer">Kasiyer · 2 people</a>') < page.index("depo · 1 person")
    assert 'value="Kasiyer"' in as_(cast.ela).get("/service/new/position?name_tr=Kasiyer").text
    assert "?name_tr=" not in as_(cast.amir).get("/service/book/position").text
    typed = {"name_tr": "Depo", "name_en": "Store", "duties_tr": "Sayar", "duties_en": "Counts", "service_tr": "Bulur", "service_en": "Finds"}
    as_(cast.ela).post("/service/new/position", data=typed | {"level": "office", "greeting": "2", "needs": "2", "channel": "2"})
    assert "1 job has no part in service yet" in as_(cast.ela).get("/service/book/position").text


def test_every_job_of_the_demonstration_has_its_part_in_service():
    def jobs(node):
        if isinstance(node, dict):
            yield from ([node["job"]] if isinstance(node.get("job"), str) else [])
        for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            yield from jobs(one)

    told = {name: yaml.safe_load((SHIPPED_CONTENT / "demo" / f"{name}.yaml").read_text(encoding="utf-8")) for name in ("company", "service")}
    found = set(jobs(told["company"]))
    assert len(found) > 10 and found <= {one["name"]["tr"] for one in told["service"]["position"]}


def test_every_touchpoint_of_the_demonstration_says_how_it_stands_and_by_a_channel_that_the_directory_has(app, at):
    told = yaml.safe_load((SHIPPED_CONTENT / "demo" / "service.yaml").read_text(encoding="utf-8"))
    begin_journey(at=at, by_id=None, scores=told["scores"])
    points = [one.values for one in handbook.entries("touchpoint")]
    assert {one["name"]["en"] for one in points} == set(told["scores"])
    assert all(one["score"] in range(1, 6) for one in points)
    assert {one["channel"] for one in points} <= {one["sort"] for one in told["channel"]}


def test_how_a_touchpoint_stands_is_from_one_to_five_on_the_form_and_in_a_file(as_, cast):
    typed = {"name_tr": "Kapı", "name_en": "Door", "owner_tr": "Müdür", "owner_en": "Manager", "stage": "arrive", "channel": "shop"}
    typed |= {"quality": "trust", "priority": "low"}
    ela = as_(cast.ela)
    for score in ("9", "0", "abc"):
        refused = ela.post("/service/new/touchpoint", data=typed | {"score": score})
        assert refused.status_code == 422 and "whole number from 1 to 5" in refused.text, score
        lines = ";".join((*typed, "score")) + "\n" + ";".join((*typed.values(), score))
        data = {"file": (io.BytesIO(lines.encode()), "points.csv")}
        told = ela.post("/service/file/touchpoint", data=data, content_type="multipart/form-data").text
        assert "0 rows were taken" in told and "Row 2: score: Please write a whole number from 1 to 5" in told
    assert ela.post("/service/new/touchpoint", data=typed | {"score": "5"}).status_code == 303


def test_a_file_that_is_taken_out_and_put_back_unchanged_changes_nothing(as_, cast):
    ela = as_(cast.ela)
    ela.post("/service/new/channel", data=CHANNEL | {"sort": "social", "where": "@mavi", "promise_tr": "-", "never_en": "=never"})
    sent = ela.get("/service/file/channel.csv").get_data()
    assert b"'@mavi" in sent
    told = ela.post("/service/file/channel", data={"file": (io.BytesIO(sent), "c.csv")}, content_type="multipart/form-data").text
    assert "0 rows were taken" in told and "1 row stood here already" in told
    assert handbook.entries("channel")[0].values["where"] == "@mavi"


def test_whoever_saves_second_sees_that_somebody_was_faster_and_every_version_stays(as_, cast, at):
    handbook.add("touchpoint", POINT, at=at, by_id=None)
    db.session.commit()
    ela = as_(cast.ela)
    typed = {"name_tr": "Giriş", "name_en": "Entrance", "owner_tr": "Müdür", "owner_en": "Manager", "stage": "arrive", "channel": "shop"}
    typed |= {"quality": "trust", "priority": "low", "score": "2", "number": "1"}
    assert ela.post("/service/change/touchpoint/shop-manager", data=typed).status_code == 303
    assert ela.post("/service/change/touchpoint/shop-manager", data={**typed, "score": "3"}).status_code == 409
    assert [one.number for one in handbook.entries("touchpoint")] == [2]


def test_the_inventory_goes_out_as_a_file_and_comes_in_again_with_faults_told_by_row(as_, cast, at):
    ela = as_(cast.ela)
    ela.post("/service/template/touchpoint")
    body = ela.get("/service/file/touchpoint.csv").data

    def take(data: bytes) -> str:
        return ela.post("/service/file/touchpoint", data={"file": (io.BytesIO(data), "points.csv")}, content_type="multipart/form-data").text

    assert "10 rows stood here already" in take(body)
    head, *lines = body.decode("utf-8-sig").splitlines()
    new = lines[0].split(";")
    new[0], new[1], new[2] = "", "Otopark", "Car park"
    broken = [*new]
    broken[head.split(";").index("owner_en")] = ""
    told = take("\n".join([head, ";".join(new), ";".join(broken)]).encode())
    assert "1 row was taken" in told and "Row 3" in told and "owner_en" in told
    assert take(b"a;b\n1;2").count("It has to name the columns") == 2, "beside its field, and at the head with the way to it"
    assert len(handbook.entries("touchpoint")) == 11


def test_the_page_has_one_primary_button_reading_first_and_calling_afterwards(as_, cast, at):
    model.write(service_words(), revision=0, at=at, by_id=cast.ela)
    model.publish([POINT], at=at, by_id=cast.ela)
    db.session.commit()
    browser = as_(cast.amir)
    before = browser.get("/service").text
    assert before.count("button-primary") == 1 and "I have read it" in before
    browser.post("/service/versions/1/reading")
    after = browser.get("/service").text
    assert after.count("button-primary") == 1 and "I have read it" not in after


def test_where_nothing_is_written_yet_each_page_says_so_once_with_one_way_on(as_, cast):
    def main(path: str, who: int = cast.ela) -> str:
        page = as_(who).get(path).text
        return page[page.index("<main") :]

    begin = main("/service")
    assert begin.count("button-primary") == 1 and 'href="/service/draft"' in begin
    assert "button-primary" in main("/service", cast.amir)
    board = main("/improvements")
    assert board.count("empty-title") == board.count("button-primary") == 1 and "<h2" not in board
    assert "button-primary" not in main("/improvements", cast.amir)
    duty = main("/roster")
    assert "Nobody is entered in the roster yet." in duty and "from 8 to 24" not in duty
    db.session.execute(update(Person).where(Person.id.not_in((cast.ela, cast.max))).values(disabled_at=now()))
    db.session.commit()
    assert "Too few people are here to say anything. (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}2)" in main("/service/chain", cast.max)
    # No frame without a curve in it.
    asked = main("/customers?measure=ces", cast.max)
    assert "curve-picture" not in asked and "History, three months at a time: no three months have enough answers yet." in asked
