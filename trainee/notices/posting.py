"""Handing mails over to the server: each leased, looked at once more, tried again with growing pauses, and given up with a reason."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Protocol

from sqlalchemy import Boolean, bindparam, case, exists, select, update

from trainee.config import Config
from trainee.kit.db import db
from trainee.kit.logs import log
from trainee.notices.digests import digest_day, pass_on
from trainee.notices.kind import kinds
from trainee.notices.mailing import BadAddress, letter
from trainee.notices.models import DELIVERY, NOTICE
from trainee.notices.planning import note, still, tell
from trainee.notices.queries import names_in
from trainee.notices.readers import Recipient, Recipients
from trainee.notices.undelivered import whom

# Longer than the slowest server takes for one mail; it is made longer while a batch goes slowly.
LEASE = timedelta(minutes=10)
BATCH = 40
# The pauses after each try that failed; the last is repeated. A mail that is leased again is not due before them either, so that one whose
# result cannot be written down, or that takes its worker down with it, is not the first in line for ever.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
# After so many of her working days, and a try for each pause, it is given up: what it says is old by now.
GIVE_UP = 3
# What was asked longer ago than this is asked again before the next mail goes.
FRESH = timedelta(seconds=5)
_TIMEOUT = 20
# What servers say at MAIL FROM of a message that is larger than they take.
_TOO_LARGE = frozenset({523, 552})
# Sign-in missing, refused or too weak; whatever else is our affair has an enhanced code of policy, or the words of servers that send none.
_SIGN_IN = frozenset({530, 534, 535, 538})
_ENHANCED = re.compile(rb"\s*[245]\.(\d+)\.(\d+)")
# RFC 3463: 5.7.x is about what is allowed, 5.1.7 and 5.1.8 about the sender's address; what else is the sender's stands in words beside other codes.
_SENDERS = frozenset({b"1.7", b"1.8"})
_OURS = re.compile(rb"relay|authenticat|sender|sendas|(sending|message) (limit|quota)", re.IGNORECASE)


class Carrier(Protocol):
    """Whoever takes mails."""

    def send(self, message: EmailMessage) -> None:
        """Take one. smtplib's errors, or OSError; Unreachable when no mail at all can be handed over now."""


def is_ours(code: int, said: bytes) -> bool:
    """Whether an answer is about this installation (no sign-in, no relaying, a sender that is not allowed) and not about one address or mail.

    Many servers say so only when they hear whom the mail is for.
    """
    enhanced = _ENHANCED.match(said)
    if code in _SIGN_IN or _OURS.search(said) is not None:
        return True
    return enhanced is not None and (enhanced[1] == b"7" or b".".join(enhanced.groups()) in _SENDERS)


class Unreachable(Exception):
    """The server was not reached, or did not let us in: the other mails need not try before the next look. Says what was the matter."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try."""

    state: str
    problem: str | None = None
    next_try_at: datetime | None = None
    # The server refused it for now, or was not there; what only waits for her hours was not tried.
    put_off: bool = False
    # The keys of what goes with the digest of another day instead.
    passed_on: frozenset[str] = frozenset()


class Server:
    """The mail server of this installation, reached when the first mail is to go, and once for all of a batch."""

    def __init__(self, settings: Config) -> None:
        self.settings = settings
        self._line: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand one over."""
        if self._line is None:
            self._line = self._reached()
        try:
            self._line.send_message(message)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPHeloError) as problem:
            self.close()
            # Who refuses our name or our sender means us, and no mail will fare better; a mail that is too large is one mail's affair.
            if problem.smtp_code in _TOO_LARGE:
                raise
            raise Unreachable(f"sender_refused ({problem.smtp_code})") from problem
        except (smtplib.SMTPServerDisconnected, OSError):
            self.close()
            raise

    def _reached(self) -> smtplib.SMTP:
        try:
            return self._connect()
        except smtplib.SMTPAuthenticationError as problem:
            # Our own account there is meant and not anybody's address: it can be mended, and until then everything waits.
            raise Unreachable("sign_in_refused") from problem
        except (smtplib.SMTPException, OSError) as problem:
            raise Unreachable(_away(problem)) from problem

    def _connect(self) -> smtplib.SMTP:
        host, port, secure = self.settings.smtp_host, self.settings.smtp_port, ssl.create_default_context()
        if self.settings.smtp_security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT, context=secure)
        else:
            line = smtplib.SMTP(host, port, timeout=_TIMEOUT)
        try:
            if self.settings.smtp_security == "starttls":
                line.starttls(context=secure)
            if self.settings.smtp_user:
                line.login(self.settings.smtp_user, self.settings.smtp_password)
        except BaseException:
            line.close()
            raise
        return line

    def close(self) -> None:
        """Say goodbye."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(smtplib.SMTPException, OSError):
                line.quit()


@dataclass(frozen=True, slots=True)
class _Had:
    """A mail that the server took: when, and which of its messages were in it."""

    number: int
    at: datetime
    sent: frozenset[str]


class Taken(dict[str, _Had]):
    """The mails, by key, that the server took and of which that is not written down yet: a process keeps it from one look to the next.

    Where the disk is full, nothing can be written down for hours. Until it can, this process sends nothing else; it writes it down whether it is at
    work by then or not.
    """

    def write_down(self) -> Iterator[str]:
        """Write down what the server took; yields after each, and whoever asks keeps it. Whose lease it is does not matter: the mail has gone."""
        for key, one in list(self.items()):
            if db.session.execute(_GONE, {"number": one.number, "named": key, "then": one.at}).scalar() is not None:
                rows = db.session.execute(_SAID, {"ids": [one.number]}).all()
                _note_sent([row for row in rows if row.key in one.sent], [row for row in rows if row.key not in one.sent], one.at)
                yield "sent"
            self.pop(key, None)


Clock = Callable[[], datetime]
Compose = Callable[[str, Recipient, Sequence[Any], dict[int, str], datetime], EmailMessage]


def post(
    clock: Clock,
    owner: str,
    carrier: Carrier,
    *,
    alone: bool = False,
    settled: bool = True,
    digests: bool = True,
    compose: Compose = letter,
    taken: Taken | None = None,
) -> Iterator[str]:
    """Send what waits in the outbox; yields after each step that has to be kept, and whoever asks commits before going on.

    The lease is kept before anything is sent, that a mail is in hand before the server is asked, and that it was taken before the next: what cannot
    be written down is not begun. A worker that dies loses nothing, and at most the one mail in its hand goes twice, under one Message-ID. One that
    lives and cannot write it down remembers it in `taken`, and whoever follows it leaves that mail alone until its lease has run out. The clock is
    looked at for each mail, as a slow server may take into the night: its reader's hours are asked of the moment at which it goes, and so is, where
    the last look is no longer fresh, whether it is still to go at all. Where no mail can be handed over at all, the rest waits for the next look.
    `alone`: nobody else is at work, so whoever else's lease it is has died with it. `settled`: it has been so for long enough that whoever was at
    work before has written down what it remembers. `digests`: they may go, too, as the planner has looked for what belongs into them. `compose`
    writes the mail.
    """
    had = Taken() if taken is None else taken
    yield from had.write_down()
    while ids := lease(clock(), owner, alone=alone, settled=settled, digests=digests):
        yield "leased"
        away: Unreachable | None = None
        looked = clock()
        parcels = _parcels(ids, owner, looked)
        for number in sorted(ids):
            at = clock()
            if at - looked > FRESH:
                mine = list(db.session.scalars(_LONGER, {"ids": [one for one in ids if one >= number], "mine": owner, "until": at + LEASE}))
                yield "leased"
                looked, parcels = at, _parcels(mine, owner, at)
            if number not in parcels:
                continue
            parcel = parcels[number]
            try:
                outcome = _needless(parcel, at) or _passed_on(parcel, at) or (_again(parcel, str(away), at) if away else None)
                if outcome is None:
                    if db.session.execute(_IN_HAND, {"number": number, "mine": owner, "then": at}).scalar() is None:
                        continue
                    yield "in_hand"
                    outcome = _try(parcel, at, carrier, compose)
            except Unreachable as problem:
                away = problem
                outcome = _again(parcel, str(problem), at)
            if outcome.state == "sent":
                had[parcel.row.key] = _Had(number, at, frozenset(one.key for one in parcel.sent))
            _keep(parcel, outcome, at)
            yield "put_off" if outcome.put_off else outcome.state
            had.pop(parcel.row.key, None)
        if away:
            return


def lease(at: datetime, owner: str, *, alone: bool = False, settled: bool = True, digests: bool = True) -> list[int]:
    """The next mails to send, this worker's own until the lease runs out, or until nobody but another is at work. One statement.

    A mail that is in another's hand may have been taken: it waits until its lease has run out and, where this worker has just come to work, until
    the other could say so.
    """
    # Whoever follows one that died goes on at once; only what was leased before and not ended waits.
    pauses = {f"after{tries}": at + pause for tries, pause in enumerate((timedelta(0), *PAUSES))}
    return list(
        db.session.scalars(_LEASE, {"at": at, "until": at + LEASE, "mine": owner, "alone": alone, "settled": settled, "digests": digests} | pauses)
    )


# Built once, as they are sent with every mail and every look.
_OVER = DELIVERY.c.leased_until.is_(None) | (DELIVERY.c.leased_until <= bindparam("at"))
_FREE = _OVER | bindparam("alone", type_=Boolean())
_SURE = DELIVERY.c.in_hand_at.is_(None) | (DELIVERY.c.owner == bindparam("mine")) | (_OVER & bindparam("settled", type_=Boolean()))
_EARLIER = DELIVERY.alias("earlier")
# A digest lets that of an earlier day go first: what it still holds comes into this one.
_FIRST = ~(
    DELIVERY.c.key.startswith("digest/")
    & exists().where(
        _EARLIER.c.person_id == DELIVERY.c.person_id,
        _EARLIER.c.state == "waiting",
        _EARLIER.c.key.startswith("digest/"),
        _EARLIER.c.key < DELIVERY.c.key,
    )
)
# And it waits until whatever is due is told, so that this goes with it, whichever of the two jobs looks first.
_UNTOLD = select(NOTICE.c.person_id).where(NOTICE.c.state == "planned", NOTICE.c.send_at <= bindparam("at"))
_WHOLE = ~DELIVERY.c.key.startswith("digest/") | (bindparam("digests", type_=Boolean()) & DELIVERY.c.person_id.not_in(_UNTOLD))
_DUE = (
    select(DELIVERY.c.id)
    .where(DELIVERY.c.state == "waiting", DELIVERY.c.next_try_at <= bindparam("at"), _FREE, _SURE, _FIRST, _WHOLE)
    .order_by(DELIVERY.c.next_try_at, DELIVERY.c.id)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
_AFTER = [bindparam(f"after{tries}", type_=DELIVERY.c.next_try_at.type) for tries in range(len(PAUSES) + 1)]
_NEXT = case(*((DELIVERY.c.attempts == tries, moment) for tries, moment in enumerate(_AFTER[:-1])), else_=_AFTER[-1])
_LEASE = (
    update(DELIVERY)
    .where(DELIVERY.c.id.in_(_DUE.scalar_subquery()))
    .values(leased_until=bindparam("until"), owner=bindparam("mine"), in_hand_at=None, attempts=DELIVERY.c.attempts + 1, next_try_at=_NEXT)
    .returning(DELIVERY.c.id)
)
_IN_HAND = (
    update(DELIVERY)
    .where(DELIVERY.c.id == bindparam("number"), DELIVERY.c.owner == bindparam("mine"), DELIVERY.c.state == "waiting")
    .values(in_hand_at=bindparam("then"))
    .returning(DELIVERY.c.id)
)
_OF_THESE: Any = bindparam("ids", expanding=True)
_LONGER = (
    update(DELIVERY)
    .where(DELIVERY.c.id.in_(_OF_THESE), DELIVERY.c.owner == bindparam("mine"), DELIVERY.c.state == "waiting")
    .values(leased_until=bindparam("until"))
    .returning(DELIVERY.c.id)
)
# Only what is still this worker's: where it stood still for longer than a lease, another may have sent them meanwhile.
_ROWS = select(DELIVERY).where(DELIVERY.c.id.in_(_OF_THESE), DELIVERY.c.owner == bindparam("mine"), DELIVERY.c.state == "waiting")
_SAID = (
    select(*(NOTICE.c[name] for name in ("id", "key", "rule", "person_id", "reason", "settled_at", "delivery_id")))
    .where(NOTICE.c.delivery_id.in_(_OF_THESE))
    .order_by(NOTICE.c.id)
)
# Whose lease has run out meanwhile no longer says what became of it.
_ENDED = (
    update(DELIVERY)
    .where(DELIVERY.c.id == bindparam("number"), DELIVERY.c.owner == bindparam("mine"), DELIVERY.c.state == "waiting")
    .values(
        state=bindparam("to"),
        problem=bindparam("said"),
        ended_at=bindparam("then"),
        leased_until=None,
        in_hand_at=None,
        next_try_at=bindparam("later"),
        attempts=bindparam("tries"),
    )
    .returning(DELIVERY.c.id)
)
_GONE = (
    update(DELIVERY)
    .where(DELIVERY.c.id == bindparam("number"), DELIVERY.c.key == bindparam("named"), DELIVERY.c.state == "waiting")
    .values(state="sent", problem=None, ended_at=bindparam("then"), leased_until=None, in_hand_at=None)
    .returning(DELIVERY.c.id)
)


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A mail with what it is to hold, of which only what is still so and still wished by mail is sent."""

    row: Any
    who: Recipient
    notices: Sequence[Any]
    still: frozenset[str]
    names: Mapping[int, str]

    @property
    def so(self) -> bool:
        return any(one.key in self.still for one in self.notices)

    @property
    def sent(self) -> list[Any]:
        return [one for one in self.notices if one.key in self.still and self._wished(one)]

    @property
    def left_out(self) -> list[Any]:
        return [one for one in self.notices if one.key not in self.still or not self._wished(one)]

    def given_up(self, one: Any, at: datetime) -> bool:
        """Whether what was told then has waited for so many of her working days that it is given up."""
        return at >= self.who.hours.working_days_after(max(one.settled_at, self.row.made_at), GIVE_UP)

    @property
    def tries(self) -> int:
        """How often it was tried, this time included, and what it took over before."""
        return int(self.row.carried + self.row.attempts)

    def _wished(self, one: Any) -> bool:
        kind = kinds.get(one.rule)
        return kind is not None and self.who.wish(kind) not in {"site", "off"}


def _parcels(ids: Sequence[int], owner: str, at: datetime) -> dict[int, _Parcel]:
    rows = db.session.execute(_ROWS, {"ids": ids, "mine": owner}).all()
    notices = db.session.execute(_SAID, {"ids": ids}).all()
    recipients = Recipients(at)
    recipients.need({row.person_id for row in rows})
    here = frozenset(still(notices, at))
    names = names_in(notices)
    return {row.id: _Parcel(row, recipients[row.person_id], [one for one in notices if one.delivery_id == row.id], here, names) for row in rows}


def _needless(parcel: _Parcel, at: datetime) -> Outcome | None:
    """What becomes of one for which there is nobody to send it to, nothing left to say, or that comes outside her hours; None when it is to go."""
    who, row = parcel.who, parcel.row
    if not who.active or not parcel.so:
        return Outcome("cancelled", "left" if not who.active else "stopped")
    if not who.mails or not who.email or not parcel.sent:
        return Outcome("cancelled", "not_wished" if who.email else "no_address")
    if not who.hours.open_at(at):
        return Outcome("waiting", row.problem, who.hours.opening(at))
    return None


def _passed_on(parcel: _Parcel, at: datetime) -> Outcome | None:
    """A digest goes on its day alone: there is one a day. What could not go then goes with that of another day, unless it is given up by now."""
    row, day = parcel.row, digest_day(parcel.row.key)
    if day is None or day == parcel.who.hours.day(at):
        return None
    tried = parcel.tries - 1 >= len(PAUSES)
    kept = frozenset(one.key for one in parcel.notices if not (tried and parcel.given_up(one, at)))
    given_up = any(one.key not in kept for one in parcel.sent)
    word = _word(row.problem)
    return Outcome("failed", f"gave_up ({word})", passed_on=kept) if given_up else Outcome("cancelled", "passed_on", passed_on=kept)


def _try(parcel: _Parcel, at: datetime, carrier: Carrier, compose: Compose) -> Outcome:
    """Hand one over."""
    try:
        carrier.send(compose(parcel.row.key, parcel.who, parcel.sent, dict(parcel.names), at))
    except smtplib.SMTPRecipientsRefused as refused:
        return _refused(parcel, *max(refused.recipients.values()), at)
    except smtplib.SMTPAuthenticationError:
        return _again(parcel, "sign_in_refused", at)
    except smtplib.SMTPResponseException as refused:
        return _refused(parcel, refused.smtp_code, refused.smtp_error, at)
    except (smtplib.SMTPException, OSError) as problem:
        return _again(parcel, _away(problem), at)
    except BadAddress:
        return Outcome("failed", "bad_address")
    except Unreachable:
        raise
    except Exception as bug:  # One mail that cannot be written must not keep the others.
        log.exception("mail not written", bug)
        return _again(parcel, "bug", at)
    return Outcome("sent")


def _away(problem: Exception) -> str:
    return f"no_connection ({type(problem).__name__})"


def _refused(parcel: _Parcel, code: int, said: bytes | str, at: datetime) -> Outcome:
    if not 500 <= code < 600:
        return _again(parcel, f"put_off ({code})", at)
    # Each for itself all the same: some servers answer so of one address alone, and that must not keep the others.
    ours = is_ours(code, said.encode() if isinstance(said, str) else said)
    return _again(parcel, f"sender_refused ({code})", at) if ours else Outcome("failed", f"refused ({code})")


def _again(parcel: _Parcel, problem: str, at: datetime) -> Outcome:
    """Put off, or given up: when it was tried for long enough on days on which it may go at all."""
    later = at + PAUSES[min(parcel.row.attempts, len(PAUSES)) - 1]
    if parcel.tries >= len(PAUSES) and all(parcel.given_up(one, later) for one in parcel.notices):
        return Outcome("failed", f"gave_up ({_word(problem)})")
    return Outcome("waiting", problem, later, put_off=True)


def _word(problem: str | None) -> str:
    return (problem or "no_connection").split()[0]


def _keep(parcel: _Parcel, outcome: Outcome, at: datetime) -> None:
    row, ended = parcel.row, at if outcome.state != "waiting" else None
    # What only waits for her hours was not tried.
    tries = row.attempts - (outcome.state == "waiting" and not outcome.put_off)
    values = {"number": row.id, "mine": row.owner, "to": outcome.state, "said": outcome.problem, "then": ended, "tries": tries}
    kept = db.session.execute(_ENDED, values | {"later": outcome.next_try_at or row.next_try_at}).scalar()
    if kept is None:
        return
    if outcome.passed_on:
        moved = [one for one in parcel.notices if one.key in outcome.passed_on]
        since = min(max(one.settled_at, row.made_at) for one in moved)
        pass_on(parcel.who, [one.id for one in moved], since=since, tries=parcel.tries - 1, problem=row.problem, at=at)
    if outcome.state == "failed":
        failed = [one.id for one in parcel.sent if one.key not in outcome.passed_on]
        # It was told in the site when it was told, whatever became of its mail.
        values = {"state": "failed", "why": (outcome.problem or "refused").split()[0]}
        db.session.execute(update(NOTICE).where(NOTICE.c.id.in_(failed)).values(**values))
        note([(number, "failed", str(values["why"])) for number in failed], at)
        tell("undelivered", whom(), at)
    elif outcome.state == "sent":
        _note_sent(parcel.sent, parcel.left_out, at)


def _note_sent(sent: Sequence[Any], left_out: Sequence[Any], at: datetime) -> None:
    """Told in the site before; what was no longer so, or no longer wished, when the mail went was left out of it."""
    note([(one.id, "left_out", None) for one in left_out], at)
    note([(one.id, "mailed", None) for one in sent], at)
