"""The kinds of thing a scene can show; each file here registers one, and each has its template."""

from trainee.kit.registry import Registry
from trainee.kit.words import Text
from trainee.modules.roleplays.reading import Cursor
from trainee.modules.roleplays.show import Show, ShowKind, scripted

kinds: Registry[ShowKind] = Registry("trainee.modules.roleplays.shows")
kinds.discover()


def words(at: Cursor, key: str) -> Text:
    """What stands under `key`, with what the scene shows before it: with `shows` nothing need be said."""
    at.knows("shows", key)
    if "shows" not in at:
        return at.text(key)
    shows = [show for item in at.items("shows") if (show := _read(item)) is not None]
    return scripted(shows, at.text(key) if key in at else None)


def _read(at: Cursor) -> Show | None:
    at.knows("kind")
    kind = kinds.get(str(at.value.get("kind")))
    if kind is None:
        at.error("kind" if "kind" in at else None, "`kind` must be the kind of what is shown", f"Write one of {', '.join(kinds.keys())}.")
        return None
    show = kind.read(at)
    at.only()
    return show
