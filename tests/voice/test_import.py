"""Ratings from another system's file."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from trainee.cli import cli
from trainee.kit.db import db
from trainee.voice import Rating
from trainee.voice.queries import people_by_name
from trainee.voice.reading import read
from trainee.voice.survey import QUESTIONS, instruments

HEAD = "external_id,employee,given_at,instrument,question,value,comment"


@pytest.fixture
def reading(app, at):
    """What a file says."""
    return lambda data: read(data if isinstance(data, bytes) else data.encode(), "crm", people_by_name(), "Europe/Istanbul", at)


def test_what_can_be_read_is_kept_and_the_rest_is_told_with_its_line(reading, cast):
    found = reading(
        f"{HEAD}\n"
        '1,amir,2026-03-01T10:00+03:00,csat,listened,5,"İyi,\nçok iyi"\n'
        "2,nobody,2026-03-01T10:00,csat,listened,5,\n"
        "3,AMİR,01.03.2026 10:00,ces,easy,7,\n"
        "4,amir,yesterday,csat,listened,5,\n"
        "5,amir,2026-03-01,csat,listened,6,\n"
        "\n"
        "6,amir,2026-03-01,ces,listened,3,\n"
        "7,amir,2026-03-01,csat,mood,3,\n"
        ",amir,2026-03-01,csat,listened,3,\n"
        "9,amir,2026-04-01,csat,listened,3,\n"
        "10,amir\n"
    )
    assert [(one.external_id, one.person_id) for one in found.answers] == [("1", cast.amir), ("3", cast.amir)]
    assert found.answers[0].given_at == found.answers[1].given_at
    assert "çok iyi" in found.answers[0].comment
    assert [line for line, _words in found.refused] == [4, 6, 7, 9, 10, 11, 12, 13]
    assert "'nobody'" in found.refused[0][1]
    assert "1 to 5" in found.refused[2][1]


def test_the_page_says_of_each_instrument_what_it_asks_and_which_values_it_takes(cast, as_):
    scales = {(one.instrument, one.lowest, one.highest) for one in QUESTIONS.values()}
    # One sentence tells the scale of all questions of an instrument.
    assert len(scales) == len(instruments()) == 3
    for who, name in ((cast.ela, "Satisfaction"), (cast.ela, "Memnuniyet")):
        client = as_(who)
        if name == "Memnuniyet":
            client.post("/language", data={"language": "tr"})
        page = client.get("/ratings/import").text
        told = dict(re.findall(r"<dt><code>(.*?)</code></dt><dd>(.*?)</dd>", page))
        assert set(told) == {one for one, _low, _high in scales}
        assert name in told["csat"]
        for instrument, low, high in scales:
            assert set(re.findall(r"\d+", told[instrument])) == {str(low), str(high)}, told


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("windows-1254", ";"), ("utf-8", "\t")])
def test_any_of_the_usual_encodings_and_separators_will_do(reading, encoding, delimiter):
    text = f"{HEAD}\n1,amir,2026-03-01,csat,listened,5,Çiğdem İşıkoğlu\n".replace(",", delimiter)
    found = reading(text.encode(encoding))
    assert found.refused == []
    assert found.answers[0].comment == "Çiğdem İşıkoğlu"


def test_an_instrument_that_nobody_knows_is_told_with_those_that_are_known(reading):
    ((line, words),) = reading(f"{HEAD}\n1,amir,2026-03-01,xyz,satisfied,5,\n").refused
    assert line == 2 and words == f"There is no instrument 'xyz'. Known: {', '.join(instruments())}."
    ((_line, words),) = reading(f"{HEAD}\n1,amir,2026-03-01,nps,satisfied,5,\n").refused
    assert "'satisfied' is a question of csat, not of 'nps'." in words


@pytest.mark.parametrize("data", ["", "\n", "a;b\n1;2\n", "\ufeff"])
def test_a_file_without_the_columns_is_told_which(reading, data):
    found = reading(data)
    assert found.answers == []
    assert "external_id" in found.refused[0][1]


@pytest.mark.parametrize("value", ["", "٣", "1_0", "+3", "3.0", "9" * 5000])
def test_a_value_is_a_plain_number_on_the_scale(reading, value):
    found = reading(f"{HEAD}\n1,amir,2026-03-01,csat,listened,{value},\n")
    assert found.answers == []
    assert len(found.refused) == 1


def test_bytes_that_are_no_text_do_no_harm(reading):
    assert reading(b"\x00\xff\xfe" * 50).answers == []
    assert reading(HEAD.encode() + b'\n\x00\x00,"' + b"x" * 200_000).answers == []


def test_the_command_keeps_what_it_can_says_the_rest_and_counts_a_second_run_once(app, cast, tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text(f"{HEAD}\n1,amir,2026-03-01,csat,listened,5,\n2,nobody,2026-03-01,csat,listened,5,\n", encoding="utf-8")
    run = CliRunner().invoke(cli, ["voice", "import", str(file)], obj=lambda: app)
    assert run.exit_code == 1
    assert f"{file}:3: Nobody here" in run.output
    assert "1 new, 0 known before, 1 refused." in run.output
    again = CliRunner().invoke(cli, ["voice", "import", str(file)], obj=lambda: app)
    assert "0 new, 1 known before" in again.output
    assert db.session.execute(select(Rating.person_id)).scalars().all() == [cast.amir]
