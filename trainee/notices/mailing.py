"""A mail: what it says, in its reader's language, as plain text and as HTML, with everything that lets her end such mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup

from trainee import config as configuration
from trainee.kit.i18n import _n, force_locale
from trainee.notices.kind import Reader, kinds
from trainee.notices.readers import Recipient
from trainee.people import organisation

# Mail programs know no stylesheets of ours, so each tag of a mail carries its look itself; pages never do.
_LOOK = {
    "body": "margin:0;padding:0;background:#f7f3ea",
    "page": "background:#f7f3ea;padding:24px 12px",
    "card": "background:#fffdf8;border:1px solid #e4dccb;border-radius:12px;max-width:560px;width:100%",
    "head": "padding:22px 26px 4px;font:600 15px/1.4 Helvetica,Arial,sans-serif;color:#6a6152",
    "logo": "vertical-align:middle;margin-right:10px;border:0",
    "title": "padding:2px 26px 10px;font:600 22px/1.3 Georgia,serif;color:#26221c;margin:0",
    "row": "padding:14px 26px;border-top:1px solid #efe8d9;font:400 16px/1.5 Helvetica,Arial,sans-serif;color:#26221c",
    "words": "margin:0 0 8px",
    "eyebrow": "margin:0 0 2px;font-size:13px;color:#6a6152",
    "link": "display:inline-block;padding:9px 16px;border-radius:8px;background:#1f5582;color:#ffffff;text-decoration:none;font-weight:600",
    "foot": "padding:18px 26px 22px;border-top:1px solid #efe8d9;font:400 13px/1.5 Helvetica,Arial,sans-serif;color:#6a6152",
    "quiet": "color:#1f5582",
}


# High on a page of ours too; and a mail with a larger picture would be mostly picture.
_LOGO_HEIGHT, _LARGEST_LOGO = 28, 60_000


class _Folding(EmailPolicy):
    """Our headers with a person's words in them, folded so that no space is lost where a letter beyond ASCII stands before or after it.

    The standard library's own folding encodes word by word, and readers drop what stands between two encoded words (RFC 2047, section 6.2).
    """

    def fold(self, name: str, value: Any) -> str:
        """One header as lines."""
        words = str(value)
        if words.isascii() and " " not in words:
            # An address of a page has no place to be broken at, and mail programs read no link in encoded words; a line may have 998 letters.
            return f"{name}: {words}{self.linesep}"
        if words.isascii():
            return str(super().fold(name, value))
        if name == "Subject":
            return f"{name}: {Header(words, 'utf-8', header_name=name).encode(linesep=self.linesep)}{self.linesep}"
        if name in ("From", "To"):
            [one] = value.addresses
            shown = Header(one.display_name, "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {shown}{self.linesep} <{one.addr_spec}>{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same, as it goes over the line."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


FOLDING = _Folding()


@dataclass(frozen=True, slots=True)
class Item:
    """One message inside a mail: what kind, what it says and where it leads."""

    title: str
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Logo:
    """The organisation's logo inside a mail: a PNG, what the page calls it by, and how large it stands there, in dots."""

    body: bytes
    cid: str
    width: int
    height: int


class BadAddress(Exception):
    """No mail can be sent there: what stands as her address is none."""


def token_of(person_id: int) -> str:
    """What an unsubscribe link carries; signed, so that nobody ends another's mails."""
    return str(_signer().dumps(person_id))


def person_of(token: str) -> int | None:
    """Whom an unsubscribe link is for; None when it is none of ours."""
    try:
        found = _signer().loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="end these mails")


def absolute(endpoint: str, **values: Any) -> str:
    """The whole address of a page of this site, for who is not on it."""
    anchor = values.pop("_anchor", "")
    base = urlsplit(configuration.base_url(current_app.extensions["trainee"]))
    adapter = current_app.url_map.bind(base.netloc or "localhost", script_name=base.path or "/", url_scheme=base.scheme or "http")
    return adapter.build(endpoint, values, force_external=True) + (f"#{anchor}" if anchor else "")


def message_id(key: str) -> str:
    """The Message-ID of a mail: the same whenever it is sent, so that a second copy is known for one."""
    host = current_app.extensions["trainee"].mail_from.partition("@")[2] or "localhost"
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{host}>"


def letter(key: str, who: Recipient, notices: Sequence[Any], names: dict[int, str], at: datetime) -> EmailMessage:
    """The mail of one delivery: one message, or the digest of several."""
    settings = current_app.extensions["trainee"]
    with force_locale(who.language):
        reader = Reader(who.hours.zone, names)
        items = [_item(row, reader) for row in notices]
        end = absolute("notices.unsubscribe", signed=token_of(who.id))
        found = EmailMessage(FOLDING)
        found["Subject"] = _subject(items)
        found["From"] = Address(organisation.name(), addr_spec=settings.mail_from)
        found["To"] = _address(who)
        found["Date"] = format_datetime(at)
        found["Message-ID"] = message_id(key)
        found["Auto-Submitted"] = "auto-generated"
        found["List-Unsubscribe"] = f"<{end}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        values = {
            "items": items,
            "name": who.name,
            "subject": found["Subject"],
            "organisation": organisation.name(),
            "settings_url": absolute("notices.settings"),
            "all_url": absolute("notices.notices"),
            "end_url": end,
            "lang": who.language,
            "logo": _logo(),
        }
        # Not `render_template`, which would ask for what a page shows around its content.
        templates = current_app.jinja_env
        found.set_content(templates.get_template("notices/mail.txt").render(**values))
        look = {name: Markup('style="{}"').format(css) for name, css in _LOOK.items()}
        found.add_alternative(templates.get_template("notices/mail.html").render(look=look, **values), subtype="html")
        if values["logo"] is not None:
            # It comes with the mail: fetched from the site it would tell when and where she reads it.
            page = list(found.iter_parts())[-1]
            page.add_related(values["logo"].body, "image", "png", cid=f"<{values['logo'].cid}>", disposition="inline", filename="logo.png")
        # Only now: what is said of its content goes into its first part otherwise.
        found["Content-Language"] = who.language
    return found


def _logo() -> Logo | None:
    kept = organisation.own_logo()
    if kept is None or len(kept[1]) > _LARGEST_LOGO:
        return None
    digest, body = kept
    # A PNG says its width and height in its first 24 bytes.
    width, height = int.from_bytes(body[16:20], "big"), int.from_bytes(body[20:24], "big")
    shown = min(height, _LOGO_HEIGHT)
    return Logo(body, f"{digest}@{message_id('logo').rpartition('@')[2].rstrip('>')}", max(round(width * shown / height), 1), shown)


def _address(who: Recipient) -> Address:
    try:
        return Address(who.name, addr_spec=who.email or "")
    except (ValueError, IndexError, HeaderParseError):
        raise BadAddress from None


def _item(row: Any, reader: Reader) -> Item:
    kind = kinds[row.rule]
    endpoint, values = kind.place(row.reason)
    return Item(str(kind.title), kind.sentence(row.reason, reader), absolute(endpoint, **values))


def _subject(items: Sequence[Item]) -> str:
    if len(items) == 1:
        return items[0].title
    return str(_n("%(first)s, and %(num)d more thing", "%(first)s, and %(num)d more things", len(items) - 1, first=items[0].title))
