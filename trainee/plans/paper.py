"""A certificate as a printed page, and what the public may ask of it: all but the logo is read from the stored row alone."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import segno
from sqlalchemy import select, tuple_

from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, date_words, force_locale, language
from trainee.kit.typesetting import typeset
from trainee.modules.library import ModuleVersion, module
from trainee.people import organisation
from trainee.plans.certifying import is_sound, title_of
from trainee.plans.models import CERTIFICATE, Certificate

_LAYOUT = Path(__file__).with_name("certificate.typ")
VALID, EXPIRED, WITHDRAWN, UNSURE = "valid", "expired", "withdrawn", "unsure"


def certificate_by_code(code: str) -> Certificate | None:
    """The certificate with that public name, however it was typed; None when there is none."""
    plain = "".join(sign for sign in trtext.upper(trtext.fold(code), "en") if sign.isascii() and sign.isalnum())
    written = "-".join(plain[place : place + 4] for place in range(0, len(plain), 4))
    return db.session.scalars(select(Certificate).where(CERTIFICATE.c.code == written)).first()


def told_to_anybody(certificate: Certificate, day: date) -> str:
    """All that a stranger is told: valid, expired or withdrawn; unsure where the row was changed by a way that is not ours."""
    if certificate.withdrawn_at is not None:
        return WITHDRAWN
    if not is_sound(certificate):
        return UNSURE
    return EXPIRED if day > certificate.valid_until else VALID


def qr_of(address: str) -> str:
    """The address as a QR code: one SVG with a size of its own, dark on white in either theme, as cameras want it."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=4, border=2, dark="#26221c", light="#ffffff", xmldecl=False, svgns=True)
    return out.getvalue().decode()


def part_titles(certificate: Certificate) -> list[tuple[str, int, str]]:
    """What was learnt: the title of each part in the very version that was learnt, its number and the digest of its content."""
    keys = [(key, number) for key, number, _digest in certificate.parts]
    asked = select(ModuleVersion.id, ModuleVersion.key, ModuleVersion.number).where(tuple_(ModuleVersion.key, ModuleVersion.number).in_(keys))
    kept = {(row.key, row.number): module(row.id).title.of(language()) for row in db.session.execute(asked)} if keys else {}
    return [(kept.get((key, number), key), number, digest) for key, number, digest in certificate.parts]


def printed(certificate: Certificate, address: str, lang: str, colour: str) -> bytes:
    """The certificate as a PDF page in one of our languages, with the address under which its state can be asked for.

    Refusal for one that was withdrawn or does not agree with its seal: a paper would say what is not so.
    """
    if certificate.withdrawn_at is not None:
        raise Refusal(_("This certificate was withdrawn, so it is not printed any more."), 410)
    if not is_sound(certificate):
        raise Refusal(_("What is stored does not agree with its seal. Please tell HR."), 409)
    with force_locale(lang):
        return typeset(_LAYOUT, _told(certificate, address, lang, colour))


def _told(one: Certificate, address: str, lang: str, colour: str) -> dict[str, Any]:
    parts = [_("%(title)s (version %(number)s)", title=title, number=number) for title, number, _digest in part_titles(one)]
    return {
        "lang": lang,
        "colour": colour or "#1f5582",
        "organisation": one.organisation,
        "kind": _("Certificate"),
        "says": _("This is to certify that"),
        "logo": _logo_of(one),
        "name": one.name,
        "did": _("has completed everything that belongs to"),
        "title": title_of(one),
        "parts": parts,
        "facts": [
            (_("Number"), one.number),
            (_("Completed on"), date_words(one.completed_on)),
            (_("Valid until"), date_words(one.valid_until)),
        ],
        "qr": qr_of(address),
        "qr_says": _("QR code that leads to the page which says whether this certificate is valid"),
        "ask": _("Is it valid today? Scan, or open"),
        "address": address.removeprefix("https://").removeprefix("http://"),
        "seal": _("Seal (SHA-256)"),
        "digest": one.digest,
    }


def _logo_of(one: Certificate) -> list[int] | None:
    """The logo as its bytes, where the organisation is still called as on the certificate."""
    kept = organisation.own_logo()
    return list(kept[1]) if kept is not None and one.organisation == organisation.name() else None
