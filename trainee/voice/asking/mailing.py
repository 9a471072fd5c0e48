"""Sending invitations: each mail once, its address forgotten as soon as it has gone or is given up."""

import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from flask import current_app
from sqlalchemy import select, update

from trainee.kit.db import db
from trainee.kit.i18n import _, force_locale
from trainee.notices import message_id
from trainee.notices.mailing import FOLDING, absolute
from trainee.notices.posting import Carrier, is_ours
from trainee.people import organisation
from trainee.voice.models import AskLink, Invitation, Survey
from trainee.voice.surveys.actions import code_of

# The pauses after a try that failed for a while; then it is given up, and the address is forgotten as well.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 720))
# Until then nobody else tries a mail that somebody has in her hand: longer than the slowest server takes for one.
IN_HAND = timedelta(minutes=10)
BATCH = 50


def send_invitations(at: datetime, carrier: Carrier, taken: set[int] | None = None) -> Iterator[str]:
    """Send what waits; yields before and after each, so that whoever asks can keep that it is in hand, and what became of it before the next.

    What cannot be written down is not begun. `taken`: the ids of those that the server took and that could not be written down, as on a full disk.
    They are written down first, and until then nothing is sent.
    """
    had = set() if taken is None else taken
    yield from write_down(had, at)
    rows = (
        select(Invitation, AskLink.receipt, Survey.title, Survey.intro)
        .join(AskLink, AskLink.id == Invitation.link_id)
        .join(Survey, Survey.id == AskLink.survey_id)
        .where(Invitation.state == "waiting", Invitation.next_try_at <= at)
        .order_by(Invitation.next_try_at, Invitation.id)
        .limit(BATCH)
    )
    for one, receipt, title, intro in db.session.execute(rows).tuples().all():
        number, mine = one.id, (Invitation.id == one.id, Invitation.state == "waiting")
        message = letter(one, code_of(receipt), title, intro, at)
        if db.session.execute(update(Invitation).where(*mine).values(next_try_at=at + IN_HAND).returning(Invitation.id)).scalar() is None:
            continue
        yield "in_hand"
        values = _tried(one.tries, message, at, carrier)
        if values.get("state") == "sent":
            had.add(number)
        db.session.execute(update(Invitation).where(*mine).values(**values))
        yield str(values.get("state", "waiting"))
        had.discard(number)


def write_down(had: set[int], at: datetime) -> Iterator[str]:
    """Write down what the server took; yields after each, and whoever asks keeps it."""
    for number in list(had):
        db.session.execute(update(Invitation).where(Invitation.id == number, Invitation.state == "waiting").values(**_gone(at)))
        yield "sent"
        had.discard(number)


def _gone(at: datetime, state: str = "sent") -> dict[str, object]:
    return {"address": None, "ended_at": at, "state": state}


def _tried(tries: int, message: EmailMessage, at: datetime, carrier: Carrier) -> dict[str, object]:
    try:
        carrier.send(message)
    except smtplib.SMTPResponseException as problem:
        final = _is_final(problem.smtp_code, problem.smtp_error)
    except smtplib.SMTPRecipientsRefused as problem:
        final = _is_final(*max(problem.recipients.values()))
    except (smtplib.SMTPException, OSError):
        final = False
    else:
        return _gone(at)
    if final or tries >= len(PAUSES):
        return _gone(at, "failed")
    return {"tries": tries + 1, "next_try_at": at + PAUSES[tries]}


def _is_final(code: int, said: bytes | str) -> bool:
    """Whether it means this address; what is refused to us, as relaying, is tried again."""
    return code >= 500 and not is_ours(code, said.encode() if isinstance(said, str) else said)


def letter(one: Invitation, code: str, title: dict[str, str], intro: dict[str, str], at: datetime) -> EmailMessage:
    """The mail in the customer's language: what it is about, the link, and how to be asked no more."""
    settings = current_app.extensions["trainee"]
    with force_locale(one.language):
        found = EmailMessage(FOLDING)
        found["Subject"] = title[one.language]
        found["From"] = Address(organisation.name(), addr_spec=settings.mail_from)
        found["To"] = Address(addr_spec=one.address or "")
        found["Date"] = format_datetime(at)
        found["Message-ID"] = message_id(f"invitation/{one.link_id}")
        found["Auto-Submitted"] = "auto-generated"
        stop = absolute("asking.stop", ask_code=code)
        found["List-Unsubscribe"] = f"<{stop}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        lines = (
            intro[one.language],
            _("Answer here, in less than a minute, without signing in:"),
            absolute("asking.ask", ask_code=code),
            _("If you would rather not be asked any more:"),
            stop,
            organisation.name(),
        )
        found.set_content("\n\n".join(str(line) for line in lines))
        found["Content-Language"] = one.language
    return found
