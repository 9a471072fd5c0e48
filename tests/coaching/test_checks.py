"""Five checks after a contact: kept for herself, and beside what the observer saw where there is one."""

import pytest

from trainee import coaching
from trainee.kit.db import db

FORM = {
    "reason": "done",
    "left": "open",
    "promised": "done",
    "forgot": "none",
    "mend": "I call about the old machine.",
    "again": "",
    "channel": "phone",
}


def test_what_she_checked_is_hers_alone_and_says_what_was_found_most(as_, cast):
    amir = as_(cast.amir)
    for receipt in ("a", "a", "b"):
        assert amir.post("/after-contact", data={**FORM, "receipt": receipt}).status_code == 303
    page = amir.get("/after-contact").text
    assert page.count("I call about the old machine.") == 2
    assert "2 contacts in the last thirty days." in page and "Most was found by: What is left, and who does it?" in page
    assert "I call about the old machine." not in as_(cast.chloe).get("/after-contact").text


@pytest.mark.parametrize(
    ("change", "says"), [({"forgot": ""}, "Please answer this one"), ({"mend": " "}, "what you do about it"), ({"again": "x" * 1001}, "too long")]
)
def test_a_check_that_is_not_whole_says_what_is_missing(as_, cast, change, says):
    answer = as_(cast.amir).post("/after-contact", data={**FORM, **change})
    assert answer.status_code == 422 and says in answer.text


def test_of_a_contact_that_was_observed_it_stands_beside_what_was_seen(as_, cast, at):
    line = [coaching.Line("empathy", 3, "")]
    made = coaching.observe(observer_id=cast.chloe, person_id=cast.amir, seen_at=at, channel="phone", lines=line, shared="", receipt="o", at=at)
    db.session.commit()
    page = f"/observations/{made}"
    assert "Five questions about this contact" in as_(cast.amir).get(page).text
    assert "Five checks" not in as_(cast.chloe).get(page).text
    assert as_(cast.chloe).post(f"{page}/checks", data=FORM).status_code == 403
    assert as_(cast.amir).post(f"{page}/checks", data={**FORM, "left": ""}).status_code == 422
    for words in ("I call about the old machine.", "Something else."):
        as_(cast.amir).post(f"{page}/checks", data={**FORM, "mend": words})
    for who in (cast.amir, cast.chloe):
        shown = as_(who).get(page).text
        assert "I call about the old machine." in shown and "Something else." not in shown
