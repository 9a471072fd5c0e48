"""What a page made of several things keeps for itself: the link to one's calendar."""

from typing import cast

from sqlalchemy import ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Moment


class CalendarLink(Base):
    """The one link under which a person's calendar is read by her calendar program. Only its digest is kept; a new one ends the one before."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[Moment]


CALENDAR = cast(Table, CalendarLink.__table__)
