"""What trainers find on Today of the figures: questions that work badly."""

from datetime import datetime
from typing import Final

from flask import url_for

from trainee.kit.duties import Duty, duty
from trainee.kit.i18n import _, _n, language, percent
from trainee.modules import library
from trainee.modules.quizzes.queries import hard_lately
from trainee.reports.items import FACILITY_FROM, TOO_HARD

# So many of the newest tries are looked at: enough to tell a question, and as quick in a large company.
_TRIES: Final = 1000


@duty(22, "trainer", leads="trainer", waits=True)
def hard_questions(at: datetime) -> Duty:
    """Questions in use that most people miss lately. Two statements."""
    title, url = str(_("How the questions work")), url_for("reports.report", report_key="questions")
    in_use = set(library.current_versions().values())
    found = [version for version, _question in hard_lately(_TRIES, FACILITY_FROM, TOO_HARD) if version in in_use]
    if not found:
        return Duty("list-checks", title, str(_("In the newest tries no question was missed by most.")), url)
    words = _n(
        "In the newest tries %(num)d question of “%(module)s” was answered right by under %(share)s. Is it unclear, or the lesson?",
        "In the newest tries %(num)d questions were answered right by under %(share)s, the hardest in “%(module)s”. Are they unclear, or lessons?",
        len(found),
        module=library.module(found[0]).title.of(language()),
        share=percent(TOO_HARD),
    )
    return Duty("list-checks", title, str(words), url, str(len(found)), "accent", str(_("Look at them")))
