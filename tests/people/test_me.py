"""One's own page: light, with the near time zones, and all of them where they are asked for."""

from trainee.kit.db import db


def test_the_page_offers_the_near_time_zones_and_ones_own(as_, cast, person):
    person(cast.amir).time_zone = "Pacific/Chatham"
    db.session.commit()
    html = as_(cast.amir).get("/me").text
    assert '<option value="Pacific/Chatham" selected>' in html
    assert '<option value="Europe/Istanbul">' in html
    assert "Antarctica" not in html
    assert len(html) < 22_000


def test_every_time_zone_is_a_link_away_and_taken(as_, cast, person):
    browser = as_(cast.amir)
    assert 'href="/me?zones=all#time_zone"' in browser.get("/me").text
    assert '<option value="Antarctica/Troll">' in browser.get("/me?zones=all").text
    form = {"name": "Amir Kaya", "language": "en", "time_zone": "Antarctica/Troll"}
    assert browser.post("/me/profile", data=form).status_code == 303
    db.session.expire_all()
    assert person(cast.amir).time_zone == "Antarctica/Troll"
