"""What supervisors and HR find on Today about customers who felt that nobody cared."""

from datetime import datetime

from flask import url_for

from trainee.kit.clock import local_date
from trainee.kit.duties import Duty, duty
from trainee.kit.i18n import _, _n, date_words
from trainee.people import viewer
from trainee.voice.queries import news_for, open_concerns


@duty(13, "supervisor", "hr")
def worried_customers(at: datetime) -> Duty | None:
    """How many there are to see to, and until when the first; nothing where there is none. One statement."""
    who = viewer()
    many, first = open_concerns(who)
    if not many:
        return None
    late = first < local_date(at, who.time_zone)
    words = _n(
        "%(num)d customer felt that nobody cared; see to it by %(date)s.",
        "%(num)d customers felt that nobody cared; see to the first by %(date)s.",
        many,
        date=date_words(first),
    )
    return Duty("heart-handshake", str(_("Customers to see to")), str(words), url_for("voice.concerns"), str(many), "bad" if late else "warn")


@duty(14, "supervisor")
def new_ratings(at: datetime) -> Duty | None:
    """What customers answered about her own people in the last seven days; nothing where nobody did. Only told, nothing waits. One statement."""
    found = news_for(viewer(), at)
    if not found.answers:
        return None
    words = str(
        _n(
            "In the last seven days %(num)d customer answered about the people who report to you.",
            "In the last seven days %(num)d customers answered about the people who report to you.",
            found.answers,
        )
    )
    if found.comments:
        words += " " + str(_n("%(num)d customer wrote something.", "%(num)d customers wrote something.", found.comments))
    one = url_for("voice.ratings_of", person_id=found.person_id) if found.person_id is not None else ""
    everybody = url_for("measures.comments") if found.comments else url_for("measures.measures")
    return Duty("smile", str(_("New from customers")), words, one or everybody)
