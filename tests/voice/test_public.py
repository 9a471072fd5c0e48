"""What is said in public: counted by hand and from a file, added up by month, source and theme, and nobody's name in it."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import event, select, update

from trainee.dashboards.public_views import learned
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.modules.progress.models import PartDone
from trainee.people import Person
from trainee.voice.public import actions, queries
from trainee.voice.public.models import PublicVoice

CSS = Path(__file__).resolve().parents[2] / "trainee" / "static" / "css" / "report.css"
HEAD = "month;source;theme;count;mean;comment"


def test_the_monthly_counts_of_a_file_are_taken_once_and_its_faults_are_told_by_row(app, cast, at):
    file = (
        f"{HEAD}\n2026-02;reviews;kind-staff;12;4,5;Çok ilgililer\n02.2026;complaints;late-delivery;7;;\n2026-03-01;reviews;rude;3;1.5;\n"
        "2026-04;reviews;rude;3;;\n2026-13;reviews;rude;3;;\n2026-02;nowhere;rude;3;;\n2026-02;social;nonsense;3;;\n"
        "2026-02;social;rude;0;;\n2026-02;social;rude;3;5.5;\n2026-02;reviews;kind-staff;2;;\n2026-01;social;rude;²;;\n"
    )
    taken = actions.take(file.encode(), date(2026, 3, 11), at=at, by_id=cast.ela)
    assert (taken.new, taken.known) == (3, 0)
    assert [number for number, _words in taken.wrong] == [5, 6, 7, 8, 9, 10, 11, 12]
    again = actions.take(file.replace(";12;4,5;", ";14;4;").encode(), date(2026, 3, 11), at=at, by_id=cast.ela)
    assert (again.new, again.known, again.changed) == (0, 3, 1)
    third = actions.take(file.replace(";12;4,5;", ";14;4;").encode(), date(2026, 3, 11), at=at, by_id=cast.ela)
    assert (third.new, third.known, third.changed) == (0, 3, 0)
    kept = {(row.month, row.source): (row.n, row.stars) for row in queries.lines(date(2026, 1, 1))}
    assert kept[date(2026, 2, 1), "reviews"] == (14, 4) and kept[date(2026, 2, 1), "complaints"] == (7, None)


def test_means_are_weighed_by_how_many_gave_stars(app, cast, at):
    for theme, n, stars in (("rude", 10, 1.0), ("kind-staff", 30, 5.0), ("other", 60, None)):
        actions.keep(actions.Line(date(2026, 2, 1), "reviews", theme, n, stars), at=at, by_id=cast.ela)
    (month,) = queries.summed(queries.lines(date(2026, 1, 1)), "month").values()
    # (10 x 1 + 30 x 5) / 40
    assert (month.n, month.rated, month.mean) == (100, 40, 4.0)
    assert queries.Sum().mean is None
    assert queries.months_until(date(2026, 2, 28))[::11] == [date(2025, 3, 1), date(2026, 2, 1)]


def test_nobodys_name_address_or_account_is_kept(app, cast, at):
    name = db.session.get_one(Person, cast.amir).name
    words = f"@ayse.k yazdı: {name.upper()} ters konuştu, 0532 111 22 33, a@example.com; {name} gelmedi."
    actions.keep(actions.Line(date(2026, 2, 1), "social", "rude", 1, None, words), at=at, by_id=cast.ela)
    kept = db.session.scalar(select(PublicVoice.example))
    assert kept.count("[•••]") == 5 and "ters konuştu" in kept and "gelmedi" in kept
    assert name not in kept and name.upper() not in kept and "ayse" not in kept


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("month", "yesterday", "is no month we know"),
        ("month", "2999-01", "lies ahead"),
        ("source", "a", "is no source we know"),
        ("theme", "b", "is no theme we know"),
        ("count", "-1", "is no count from 1 to 1,000,000"),
        ("mean", "6", "is no mean of stars from 1 to 5"),
        ("comment", "x" * 601, "more than 600 characters"),
    ],
)
def test_what_cannot_be_counted_is_told_at_its_field_and_nothing_typed_is_lost(as_, cast, field, typed, said):
    good = {"month": "2026-01", "source": "reviews", "theme": "rude", "count": "3", "mean": "2,5", "comment": "Kept words."}
    told = as_(cast.ela).post("/customers/public", data=good | {field: typed})
    assert told.status_code == 422 and said in told.text
    assert typed in told.text and ("Kept words." in told.text or field == "comment")
    assert db.session.scalar(select(PublicVoice.id)) is None


def test_hr_counts_everybody_who_leads_reads_and_the_page_asks_as_often_however_much_is_counted(as_, cast):
    ela, month = as_(cast.ela), local_date(now(), "Europe/Istanbul").isoformat()[:7]
    assert "Nothing is counted yet." in ela.get("/customers/public").text
    line = {"month": month, "source": "complaints", "theme": "late-delivery", "count": "41", "mean": "", "comment": ""}
    assert ela.post("/customers/public", data=line).status_code == 303
    chloe = as_(cast.chloe)
    shown = chloe.get("/customers/public").text
    # The bars have the colour that stands out from every ground (tests/house/test_patterns.py), and not that of what is empty.
    assert shown.count('<rect class="bar-part"') == 12 and re.search(r"\.bar-part \{ fill: var\(--accent\); \}", CSS.read_text(encoding="utf-8"))
    assert "41" in shown and "Late delivery" in shown and "Count a month" not in shown
    assert "41" not in chloe.get("/customers/public?source=reviews").text
    assert chloe.post("/customers/public", data=line).status_code == 403
    sent = {"file": (BytesIO(f"{HEAD}\n{month};reviews;rude;5;2;\n{month};x;rude;5;2;\n".encode()), "voices.csv")}
    told = ela.post("/customers/public/file", data=sent).text
    assert "1 new, 0 changed, 0 as before, 1 left out." in told
    assert ela.post("/customers/public/file", data={"file": (BytesIO(b"a;b\n"), "voices.csv")}).status_code == 422
    counted = []
    event.listen(db.engine, "before_cursor_execute", lambda *seen: counted.append(seen[2]))
    chloe.get("/customers/public")
    few = len(counted)
    for theme in ("kind-staff", "price-label", "shop-untidy"):
        ela.post("/customers/public", data=line | {"theme": theme})
    counted.clear()
    chloe.get("/customers/public")
    assert len(counted) == few <= 5
    line_id = db.session.scalar(select(PublicVoice.id).order_by(PublicVoice.id))
    assert ela.post(f"/customers/public/{line_id}/removal").status_code == 303
    assert ela.post(f"/customers/public/{line_id}/removal").status_code == 404


def test_beside_the_voices_stands_who_learned_in_that_month_on_the_readers_calendar(app, cast):
    # Half an hour before midnight in Istanbul, and half an hour after.
    for person, first in ((cast.amir, datetime(2026, 1, 31, 20, 30, tzinfo=UTC)), (cast.beth, datetime(2026, 1, 31, 21, 30, tzinfo=UTC))):
        for part in ("a", "b"):
            db.session.add(PartDone(person_id=person, **_part(part, first)))
    db.session.flush()
    many, here = learned([date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)], "Europe/Istanbul")
    assert many == [1, 1, 0] and here >= 10


def test_a_month_nobody_counted_and_one_before_anybody_was_entered_are_dashes_and_no_noughts(as_, cast, at):
    db.session.execute(update(Person).values(created_at=datetime(2026, 2, 10, tzinfo=UTC)))
    # Whoever was entered on the tenth learned nothing yet in February; of January nobody can say.
    assert learned([date(2026, 1, 1), date(2026, 2, 1)], "Europe/Istanbul")[0] == [None, 0]
    db.session.execute(update(Person).values(created_at=now()))
    month = queries.months_until(local_date(now(), "Europe/Istanbul"))[-3]
    actions.keep(actions.Line(month, "reviews", "rude", 12, None), at=at, by_id=cast.ela)
    db.session.commit()
    page = as_(cast.chloe).get("/customers/public").text
    table = page[page.index("<tbody") : page.index("</tbody>")]
    rows = [re.findall(r"<t[dh][^>]*>\s*([^<]*?)\s*</t[dh]>", row) for row in table.split("</tr>")[:-1]]
    assert len(rows) == 12 and [row[1] for row in rows].count("12") == 1
    assert {tuple(row[1:]) for row in rows if row[1] != "12"} <= {("—", "—", "—", "—"), ("—", "—", "—", "0%")}
    assert [row[4] for row in rows].count("0%") == 1


def _part(key, first):
    known = {"module_key": "greeting", "part": key, "first_at": first, "last_at": first}
    return {name: value for name, value in known.items() if name in PartDone.__table__.c}
