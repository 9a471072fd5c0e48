"""A figure of the board is read in the reader's language, whoever wrote it."""

import pytest

from trainee.kit.i18n import force_locale
from trainee.service.board.figures import read_as


@pytest.mark.parametrize(
    ("written", "turkish", "english"),
    [
        ("4,8 (n 238)", "4,8 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}238)", "4.8 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}238)"),
        ("5.5 (n=1270)", "5,5 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}1.270)", "5.5 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}1,270)"),
        ("%71", "%71", "71%"),
        ("71.5 %", "%71,5", "71.5%"),
        ("-12", "−12", "−12"),
        ("+8,25 (n = 40)", "+8,25 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}40)", "+8.25 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}40)"),
        # Fifteen hundred or one and a half: nobody can say, and so it stays.
        ("1.500", "1.500", "1.500"),
        ("71 % of 58", "71 % of 58", "71 % of 58"),
        ("%5%", "%5%", "%5%"),
        ("yarısı", "yarısı", "yarısı"),
        ("", "", ""),
    ],
)
def test_a_number_is_written_as_the_reader_writes_it_and_what_may_be_read_in_two_ways_stays(app, written, turkish, english):
    for lang, said in (("tr", turkish), ("en", english)):
        with force_locale(lang):
            assert read_as(written, lang) == said


def test_the_board_and_its_cards_show_it_and_a_day_that_has_passed_is_said_in_words(as_, cast):
    ela = as_(cast.ela)
    card = {"issue": "Teslimat gecikiyor.", "action": "Ara.", "owner_id": str(cast.amir), "due_on": "2026-01-05", "receipt": "r"}
    assert ela.post("/improvements/new", data=card | {"measure": "Kolaylık (CES), Bursa, 90 gün", "before": "4,8 (n 238)"}).status_code == 303
    board, one = ela.get("/improvements").text, ela.get("/improvements/1").text
    assert (
        "4.8 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}238)" in board
        and "4.8 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}238)" in one
        and "4,8" not in board + one
    )
    assert board.count('<span lang="tr">Kolaylık (CES), Bursa, 90 gün</span>') == 1 and one.count('<span lang="tr">Kolaylık (CES)') == 2
    assert "late: the day was 5 Jan 2026" in board
    ela.post("/language", data={"language": "tr"})
    assert "4,8 (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}238)" in ela.get("/improvements").text
