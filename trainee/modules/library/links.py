"""Whether a link in a lesson or on a policy card leads anywhere."""

from collections.abc import Collection
from urllib.parse import urlsplit

from trainee.kit.spelling import meant


def wrong_with(href: str, modules: Collection[str] | None, cards: Collection[str] | None) -> tuple[str, str] | None:
    """What is wrong with a link, and the mend. It leads to a site by its full address, or to a module or a card here (None: taken on trust)."""
    pieces = urlsplit(href)
    if pieces.scheme in ("http", "https"):
        fine = "." in (pieces.hostname or "") and " " not in href
    elif pieces.scheme in ("mailto", "tel"):
        fine = bool(pieces.path) and (pieces.scheme == "tel" or "@" in pieces.path)
    else:
        fine = not pieces.scheme and _is_here(pieces.path, modules, cards)
    return None if fine else (f"The link `{href}` leads nowhere.", _instead(pieces.path, modules, cards))


def _is_here(path: str, modules: Collection[str] | None, cards: Collection[str] | None) -> bool:
    match path.strip("/").split("/"):
        case ["learn"] | ["cards"]:
            return path.startswith("/")
        case ["learn", module]:
            return modules is None or module in modules
        case ["cards", card]:
            return cards is None or card in cards
    return False


def _instead(path: str, modules: Collection[str] | None, cards: Collection[str] | None) -> str:
    """What to write for a link that leads nowhere; for a module or a card that is spelled otherwise its right name."""
    match path.strip("/").split("/"):
        case ["learn", module] if modules:
            return meant(module, modules)
        case ["cards", card] if cards:
            return meant(card, cards)
    return "Write the full address, or `/learn/<module>` or `/cards/<card>` with a name there is."
