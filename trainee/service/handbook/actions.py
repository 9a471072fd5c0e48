"""Writing in the service handbook."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trainee.kit import audit
from trainee.kit.db import insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.service.handbook.kinds import kinds
from trainee.service.handbook.models import ServiceEntry
from trainee.service.handbook.queries import Entry, newest


def add(kind: str, values: Mapping[str, Any], *, at: datetime, by_id: int | None) -> str:
    """Write a new entry; its key. The very same entry again changes nothing. Refusal (422) where another of that key stands and no two may."""
    wanted = kinds[kind].key_of(values)
    key, turn = wanted, 1
    while (found := newest(kind, key)) is not None and not found.retired:
        if found.values == values:
            return key
        if kinds[kind].name != "name":
            raise Refusal(_("There is a line for this already. Change that one instead."), 422)
        turn += 1
        key = f"{wanted}-{turn}"
    _write(kind, key, found.number + 1 if found is not None else 1, values, at, by_id)
    return key


def change(entry: Entry, values: Mapping[str, Any], *, number: int, at: datetime, by_id: int | None) -> None:
    """Write a new version of an entry, seen as version `number`. Refusal when somebody else changed it meanwhile."""
    if entry.values == values:
        return
    if entry.number != number:
        raise Refusal(_("Somebody changed this while you were writing. Look at it again, and then make your change."))
    _write(entry.kind.key, entry.key, number + 1, values, at, by_id)


def retire(entry: Entry, *, at: datetime, by_id: int | None) -> None:
    """Take an entry out of use; how it was can still be told. Refusal for the last line, on which all that has none of its own depends."""
    if entry.key == entry.kind.last:
        raise Refusal(_("What has no line of its own goes to this one, so it stays. Change it instead."))
    _write(entry.kind.key, entry.key, entry.number + 1, entry.values, at, by_id, retired=True)


def _write(kind: str, key: str, number: int, values: Mapping[str, Any], at: datetime, by_id: int | None, retired: bool = False) -> None:
    row = {"kind": kind, "key": key, "number": number, "words": dict(values), "retired": retired, "saved_at": at, "by_id": by_id}
    if insert_once(ServiceEntry, row, ["kind", "key", "number"]) is None:
        raise Refusal(_("Somebody changed this while you were writing. Look at it again, and then make your change."))
    audit.note(by_id, "retire entry" if retired else "write entry", f"service_entry/{kind}/{key}", at, number=number)
