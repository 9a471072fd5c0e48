"""What carries a receipt is kept once, however often it is sent."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from trainee.kit.db import Base, db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _


def keep_once(model: type[Base], values: Mapping[str, Any], owner: str) -> tuple[int, bool]:
    """Insert a row under its receipt; its id, and whether it is new. Where the same `owner` (a column) sent it before, the id of what stands.

    Refusal when somebody else's row stands under that receipt.
    """
    made = insert_once(model, values, ["receipt"])
    if made is not None:
        return made, True
    columns = model.__table__.c
    mine = select(columns.id).where(columns.receipt == values["receipt"], columns[owner] == values[owner])
    found: int | None = db.session.execute(mine).scalar()
    if found is None:
        raise Refusal(_("This form was used before. Please open a new one."))
    return found, False
