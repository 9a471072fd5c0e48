"""What people are told about what they are told: that there is a notice about their data to read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from trainee.kit.db import db
from trainee.kit.i18n import _, _l
from trainee.notices import Kind, Occasion, Reader, kinds
from trainee.people import Person
from trainee.privacy.models import PrivacyNotice, PrivacyReading


@kinds.register
class NoticeToRead(Kind):
    """The newest privacy notice waits for somebody to say that she read it."""

    key = "privacy_notice"
    title = _l("The privacy notice")
    timing = _l("When a version is published, and to whoever comes later as soon as there is an account.")
    stops = _l("It stops when they have said that they read it, or when there is a newer version.")
    icon = "shield-check"

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Everybody here who has not read the newest version. Two statements, one where there is none."""
        newest = db.session.execute(select(PrivacyNotice.number, PrivacyNotice.published_at).order_by(PrivacyNotice.number.desc()).limit(1)).first()
        if newest is None:
            return []
        read = select(PrivacyReading.person_id).where(PrivacyReading.number == newest.number)
        statement = select(Person.id, Person.created_at).where(Person.disabled_at.is_(None), Person.id.not_in(read))
        if people is not None:
            statement = statement.where(Person.id.in_(people))
        return [
            Occasion(row.id, f"privacy_notice/{newest.number}", "published", max(newest.published_at, row.created_at), {"number": newest.number})
            for row in db.session.execute(statement)
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """That there is something to read."""
        return str(_("What is held about you, and why, has been written anew. Please read it and say so."))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The notice."""
        return "privacy.notice", {}
