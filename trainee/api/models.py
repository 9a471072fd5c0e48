"""The tokens by which other programs read."""

from typing import cast

from sqlalchemy import ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name


class ApiToken(Base):
    """Leave for one program to read some kinds of things, until a day. Only the digest of the token is kept; it was shown once.

    It reads in the name of whoever made it, and so no longer than she is here as HR or administrator.
    """

    id: Mapped[Key]
    name: Mapped[Name]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[Json]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[Moment]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)
    expires_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
    # To the minute, and not at every call.
    used_at: Mapped[Moment | None]


TOKEN = cast(Table, ApiToken.__table__)
