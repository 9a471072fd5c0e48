"""Translations: collect the strings, compile the Turkish, and check that nothing is missing.

`collect` brings the Turkish file up to date (and takes over what the .po files named after it hold), `compile` makes what the site reads, and
`check` exits 1 when a string is untranslated, fuzzy or no longer collected, or when a placeholder differs.
"""

import io
import re
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "trainee/translations/tr/LC_MESSAGES/messages.po"
METHODS = [("**/templates/**.html", "jinja2"), ("templates/**.html", "jinja2"), ("**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}, "**/templates/**.html": {"silent": "false"}, "templates/**.html": {"silent": "false"}}
KEYWORDS = {"_": None, "_l": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def collected() -> Catalog:
    """Every string in the code and the templates."""
    catalog = Catalog(locale="tr", project="Trainee", charset="utf-8")
    for filename, _line, message, comments, context in extract_from_dir(ROOT / "trainee", METHODS, OPTIONS, KEYWORDS):
        if not filename.startswith(("migrations", "static")):
            catalog.add(message, None, [(f"trainee/{filename}", 0)], auto_comments=comments, context=context)
    return catalog


def existing() -> Catalog:
    """The Turkish there is."""
    if not PO.exists():
        return Catalog(locale="tr")
    with PO.open("rb") as file:
        return read_po(file, locale="tr")


def _header(catalog: Catalog) -> Catalog:
    # Babel would write one plural form for Turkish; CLDR knows two, and our forms are written so.
    catalog._num_plurals, catalog._plural_expr = 2, "(n != 1)"
    return catalog


def _helped(path: Path) -> Catalog:
    """A file of plain msgid and msgstr pairs. Without a header it would be read with the one plural form Babel knows for Turkish."""
    text = path.read_bytes()
    if b"Plural-Forms:" not in text:
        text = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n' + text
    return read_po(io.BytesIO(text), locale="tr", ignore_obsolete=True)


def collect(extra: list[str]) -> None:
    """Bring the Turkish file up to date; `extra` are more .po files to take translations from."""
    turkish = existing()
    found = _header(collected())
    # A plural that nobody has translated is a pair of empty strings, and is not known.
    known = {message.id: message.string for message in turkish if message.id and message.string and all(message.string) and not message.fuzzy}
    for path in extra:
        for message in _helped(Path(path)):
            if message.id and message.string:
                known.setdefault(message.id, message.string)
    for message in found:
        if message.id and message.id in known:
            message.string = known[message.id]
    PO.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, found, width=150, sort_output=True, no_location=True, omit_header=False)
    PO.write_bytes(_steady(out.getvalue()))


def _steady(text: bytes) -> bytes:
    """Without the dates, which would make every run a change."""
    return b"\n".join(line for line in text.split(b"\n") if b"-Date: " not in line and b"Generated-By" not in line)


def compiled() -> None:
    """Write messages.mo beside messages.po."""
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, _header(existing()))


def _placeholders(text: object) -> set[str]:
    parts = text if isinstance(text, (tuple, list)) else (text,)
    return {name for part in parts for name in PLACEHOLDER.findall(str(part))}


def problems() -> list[str]:
    """Everything that is wrong, a sentence each."""
    turkish = {message.id: message for message in existing() if message.id}
    found = {message.id: message for message in collected() if message.id}
    wrong = [f"not collected: {key!r}" for key in found if key not in turkish]
    wrong += [f"no longer used: {key!r}" for key in turkish if key not in found]
    for key, message in turkish.items():
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if not all(strings) or message.fuzzy:
            wrong.append(f"not translated: {key!r}")
        elif not _placeholders(message.string) <= _placeholders(key):
            wrong.append(f"another placeholder than in English: {key!r}")
        elif isinstance(key, str) and _placeholders(message.string) != _placeholders(key):
            wrong.append(f"a placeholder is lost: {key!r}")
    return wrong


def main() -> None:
    """What the command line says."""
    command = sys.argv[1] if len(sys.argv) > 1 else "check"
    if command == "collect":
        collect(sys.argv[2:])
        compiled()
    elif command == "compile":
        if PO.exists():
            compiled()
    else:
        wrong = problems()
        print("\n".join(wrong) if wrong else "Every string has its Turkish.")
        sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
