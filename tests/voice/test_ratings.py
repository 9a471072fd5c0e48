"""What customers say, masked, once, and for her who served them."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from trainee.evidence import Evidence
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.people import ReportingLine, Viewer
from trainee.voice import Answer, Rating, Share, take_ratings
from trainee.voice.masking import MASK, masked
from trainee.voice.models import Concern
from trainee.voice.queries import News, news_for
from trainee.voice.survey import QUESTIONS


@pytest.fixture
def answers(cast, at):
    """Some answers about one contact with Amir."""

    def make(count=1, question="listened", value=5, comment="", person=None, prefix="a"):
        who = person or cast.amir
        return [Answer(who, at - timedelta(days=number + 1), question, value, "crm", f"{prefix}{number}", comment) for number in range(count)]

    return make


def the_log():
    return list(db.session.execute(select(Evidence).order_by(Evidence.id)).scalars())


@pytest.mark.parametrize(
    ("question", "value", "skill", "score"),
    [("kept_promise", 5, "reliability", 1), ("listened", 2, "empathy", 0.25), ("easy", 4, "flexibility", 0.5), ("buy_again", 5, "trust-building", 1)],
)
def test_an_answer_tells_of_the_skill_it_asks_about(answers, at, question, value, skill, score):
    take_ratings(answers(question=question, value=value), at)
    (row,) = the_log()
    assert (row.skill_key, row.score, row.source) == (skill, score, "customer_rating")
    assert row.item == f"survey/{QUESTIONS[question].instrument}/{question}"
    assert row.receipt == "customer_rating/crm/a0"


def test_satisfaction_as_a_whole_tells_of_no_single_skill(answers, at):
    assert take_ratings(answers(question="satisfied"), at).new == 1
    assert the_log() == []


def test_the_same_answers_taken_twice_count_once_even_in_one_file(answers, at):
    rows = answers(3)
    first = take_ratings([*rows, rows[0]], at)
    again = take_ratings(rows, at)
    assert (first.new, first.known, again.new, again.known) == (3, 1, 0, 3)
    assert len(the_log()) == 3


def test_two_systems_may_use_the_same_numbers(answers, at, cast):
    take_ratings(answers(), at)
    other = Answer(cast.amir, at, "listened", 3, "kiosk", "a0")
    assert take_ratings([other], at).new == 1


def test_more_answers_than_fit_in_one_statement_are_all_taken(answers, at):
    assert take_ratings(answers(900, question="satisfied"), at).new == 900


@pytest.mark.parametrize(("question", "value"), [("listened", 6), ("listened", 0), ("easy", 8), ("nonsense", 1)])
def test_a_value_off_its_scale_is_our_bug(cast, at, question, value):
    with pytest.raises(ValueError, match=r"scale|question"):
        Answer(cast.amir, at, question, value, "crm", "x")


@pytest.mark.parametrize(
    "secret",
    [
        "ayse.yilmaz@example.com",
        "ali (at) example.com",
        "ali[at]example[dot]com",
        "ALI {AT} EXAMPLE (NOKTA) COM",
        "ali at example dot com",
        "ali et ornek nokta com nokta tr",
        "ali at gmail.com",
        "ali @ example . com",
        "ali@example. com",
        "ali\uff20example.com",
        "0555 123 45 67",
        "05551234567",
        "+90 (555) 123 45 67",
        "+90-555-123-45-67",
        "555.123.45.67",
        "(0222) 000 00 00",
        "+49 30 901820",
        "0049 30 901820",
        "10000000146",
        "100 000 001 46",
        "TR33 0006 1005 1978 6457 8413 26",
        "tr330006100519786457841326",
        "DE89 3704 0044 0532 0130 00",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111111111111111",
        "3782 822463 10005",
        *("0 5 3 2 1 2 3 4 5 6 7", "5-3-2-1-2-3-4-5-6-7"),
        # With dashes, dots and blanks of other sorts, with what nobody sees between the digits, and with other digits.
        *("0532\u2013123\u201345\u201367", "0532 \u2013 123 \u2013 45 \u2013 67", "0532\u2011123\u201145\u201167", "0532\u2212123\u221245\u221267"),
        *("0532\u00b7123\u00b745\u00b767", "0532\u202f123\u200945\u300067", "0532_123_45_67"),
        *("0\u200b5\u200b3\u200b2\u200b1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7", "0532\u200d123\u20604567", "0532\u00ad1234567"),
        *("5\ufe0f\u20e33\ufe0f\u20e32\ufe0f\u20e31234567", "\uff10\uff15\uff13\uff12\uff11\uff12\uff13\uff14\uff15\uff16\uff17"),
        *("0532 12 345 67", "0(532)1234567", "905321234567", "+90\u2013532\u2013123\u20134567", "ayse\u200b@exam\u200bple.com"),
        *("100\u2013000\u2013001\u201346", "1000000\u200b0146", "TR33\u20130006\u20131005\u20131978\u20136457\u20138413\u201326"),
        *("33 0006 1005 1978 6457 8413 26", "330006100519786457841326", "de89 3704 0044 0532 0130 00", "NO93 8601 1117 947"),
        *("4111\u20131111\u20131111\u20131111", "4111\u200b1111\u200b11111111", "5500 0000 0000 0004", "378282246310005", "30569309025904"),
        *("4222222222222", "9792 0303 9444 0796"),
    ],
)
def test_what_could_lead_to_a_person_is_taken_out_of_a_comment(secret):
    text = masked(f"Beni arayın {secret} lütfen, teşekkürler")
    assert text == f"Beni arayın {MASK} lütfen, teşekkürler"


@pytest.mark.parametrize(
    "words",
    [
        *("12.03.2026 14:30 için söz verdiniz", "12.500,00 TL ödedim, 3 kez aradım", "444 0 123 hep meşgul", "Saat 10.00-12.00 arası", "İade 14 gün"),
        *("I looked at example.com for it", "Kapıda (at arabası) vardı", "Wait (at the till). Then go.", "3 @ 2.50 TL aldım"),
        "Puanım 1 2 3 4 5 gibi arttı",
        # Serial, order and article numbers: of no card's length or beginning, or without its check digit, and no phone's or account's either.
        *(
            "Seri no 8691234567890 yazıyor",
            "Seri no 8691234567894",
            "ISBN 9789750719387",
            "Ürün 4006381333931",
            "IMEI 356938035643809",
            "sn 4111111111111",
        ),
        *("Sipariş 4111111111111112 gelmedi", "Sipariş 2026 1123 4567 8901", "Sipariş 20261123-4567", "Sipariş 202611231430 ve 20261123143000"),
        *(
            "Sipariş 1012345678 nerede",
            "Sipariş SP-2026-001234",
            "no TY20261123456",
            "Takip 1Z999AA10123456784",
            "2611230012345678901234567 kodlu fiş",
        ),
        *(
            "23.11.2026 24.11.2026",
            "Saat 10:00 05.11.2026 günü",
            "500,00 / 12.05.2026",
            "05.11.2026 14:30",
            "02.03.2026 350 TL",
            "2019\u20132020\u20132021\u20132022",
        ),
        *("1.250.000,00 TL", "100 200 30 40", "100 \u2013 150 \u2013 20 \u2013 30 TL", "1-2-3-4-5-6-7-8-9-10", "1.999,90 + 2.499,90"),
        *(
            "\U0001f469\u200d\U0001f467 ile geldim",
            "1\ufe0f\u20e3 Hızlı 2\ufe0f\u20e3 Güler yüzlü",
            "nem\u200cdar 5\u20136 kez \u2022 teşekkürler",
            "adil@\u200byok",
        ),
        *("etiket@kasa. Fiyat farklı", "ordered at hepsiburada.com yesterday", "Bu at et yemez", "Et reyonunda nokta kadar leke vardı"),
    ],
)
def test_dates_amounts_and_words_stay(words):
    assert masked(words) == words


def test_what_hangs_on_to_letters_is_looked_at_too():
    told = {"TC10000000146": "TC", "tel05321234567": "tel", "tel5321234567": "tel", "kart4111111111111111": "kart"}
    assert {words: masked(words) for words in told} == {words: letters + MASK for words, letters in told.items()}


def test_what_stands_around_a_number_stays_as_it_was_typed_and_each_number_has_its_mark():
    words = (
        "A\u200bli \u2013 0532\u2013123\u201345\u201367, 4111\u20111111\u20111111\u20111111"
        "; DE89370400440532013000 BANA yazın \U0001f469\u200d\U0001f467"
    )
    assert masked(words) == f"A\u200bli \u2013 {MASK}, {MASK}; {MASK} BANA yazın \U0001f469\u200d\U0001f467"
    assert masked(masked(words)) == masked(words)


@pytest.mark.parametrize("piece", ["a", "1", "a@", "a@b-", "a et b nokta ", "+1-", "00x", "ab12 cdef ", "0532x", "41111 ", "(0", "\u200b1", "1 12 "])
def test_a_long_comment_is_read_once_and_not_once_from_each_letter(piece):
    # Were it read from each letter to its end, this would take minutes.
    text = (piece * (60_000 // len(piece))).strip()
    assert masked(text) == text
    assert masked(f"{text} 0532 123 45 67, {text}") == f"{text} {MASK}, {text}"


def test_only_the_masked_comment_is_kept(answers, at):
    take_ratings(answers(comment="Numaram 0555 123 45 67"), at)
    assert db.session.execute(select(Rating.comment)).scalar_one() == f"Numaram {MASK}"
    assert "0555" not in str(the_log()[0].detail)


def test_the_interval_is_wilsons():
    # Newcombe (1998), table I: 15 of 148 lies between 0.0624 and 0.1605.
    low, high = Share(QUESTIONS["listened"], 148, 15).interval
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)


def test_amir_reads_his_figures_from_five_answers_on(as_, cast, answers, at):
    recent = [Answer(cast.amir, at, "listened", 5 if number else 1, "crm", f"a{number}", "Thank you" if number == 2 else "") for number in range(4)]
    take_ratings(recent, at)
    db.session.commit()
    client = as_(cast.amir)
    few = client.get("/my-ratings").text
    assert "4 answers so far" in few
    assert "75%" not in few
    # The mark beside her words would be the figure that is held back; hers, and the same page of whoever leads him.
    of_amir = f"/people/{cast.amir}/ratings"
    for page in (few, as_(cast.chloe).get(of_amir).text):
        assert "Thank you" in page and "Felt understood" in page and "of 5" not in page
    take_ratings([Answer(cast.amir, at, "listened", 4, "crm", "a9")], at)
    db.session.commit()
    enough = client.get("/my-ratings").text
    assert "80%" in enough
    assert "5 answers; very likely between" in enough
    assert all("Felt understood: 5 of 5" in page for page in (enough, as_(cast.chloe).get(of_amir).text))


def test_recommending_says_from_where_on_one_person_has_a_figure_of_it(as_, cast, answers, at):
    take_ratings([Answer(cast.amir, at, "recommend", 9, "crm", f"r{number}", "" if number else "Gladly.") for number in range(61)], at)
    db.session.commit()
    page = as_(cast.amir).get("/my-ratings").text
    assert "61 answers so far; of one person a figure appears from 100 on" in page
    assert "Gladly." in page and "of 10" not in page


def test_nobody_reads_anothers(as_, cast, answers, at):
    take_ratings(answers(comment="Only for Amir"), at)
    db.session.commit()
    for who in ("beth", "chloe", "ela", "max"):
        page = as_(getattr(cast, who)).get("/my-ratings")
        assert page.status_code == 200
        assert "Only for Amir" not in page.text
    assert as_(None).get("/my-ratings").status_code == 302


def test_a_comment_is_shown_as_words_and_never_as_a_page(as_, cast, answers, at):
    take_ratings(answers(comment="<script>alert(1)</script>"), at)
    db.session.commit()
    assert "<script>alert(1)" not in as_(cast.amir).get("/my-ratings").text


def test_the_page_costs_the_same_for_one_answer_as_for_two_hundred(as_, cast, answers, at, counting):
    client = as_(cast.amir)
    take_ratings(answers(comment="a"), at)
    db.session.commit()
    counting.clear()
    client.get("/my-ratings")
    few = len(counting)
    take_ratings(answers(200, comment="b", prefix="b"), at)
    db.session.commit()
    counting.clear()
    client.get("/my-ratings")
    assert len(counting) == few <= 5


def test_today_tells_a_supervisor_what_came_in_about_her_own_people_for_a_week_and_as_no_task(as_, cast, counting):
    def told(who):
        counting.clear()
        return as_(who).get("/").text, len(counting)

    told(cast.chloe)
    page, quiet = told(cast.chloe)
    assert "New from customers" not in page
    at = now()
    given = [Answer(cast.amir, at - timedelta(days=one), "listened", 4, "crm", f"n{one}", "Kind." if one == 1 else "") for one in (1, 2)]
    take_ratings([*given, Answer(cast.chloe, at, "listened", 4, "crm", "of-herself")], at)
    db.session.commit()
    page, telling = told(cast.chloe)
    assert telling == quiet
    assert "In the last seven days 2 customers answered about the people who report to you. 1 customer wrote something." in page
    # It is news and no task: it has no badge.
    row = page.split(f'href="/people/{cast.amir}/ratings">New from customers')[1].split("</li>")[0]
    assert "badge" not in row
    assert "New from customers" not in told(cast.amir)[0] + told(cast.ela)[0]
    chloe = Viewer(cast.chloe, "Chloe", "chloe", frozenset({"supervisor"}), "en", "UTC", None, None, None, 0, "", at)
    assert news_for(chloe, at + timedelta(days=8)).answers == 0
    take_ratings([Answer(cast.beth, at, "listened", 4, "crm", "of-beth")], at)
    db.session.execute(update(ReportingLine).where(ReportingLine.person_id == cast.beth).values(supervisor_id=cast.chloe))
    assert news_for(chloe, at) == News(3, 1, None)


def test_what_customers_say_of_somebody_is_linked_where_she_and_their_words_stand(as_, cast, at):
    take_ratings([Answer(cast.amir, at, "concern", 1, "crm", "c", "Nobody cared.")], at)
    db.session.commit()
    task = db.session.execute(select(Concern.rating_id)).scalar_one()
    for page in (f"/people/{cast.amir}", "/customers/comments", f"/concerns/{task}"):
        assert f'href="/people/{cast.amir}/ratings"' in as_(cast.chloe).get(page).text, page
