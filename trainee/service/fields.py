"""Forms told as values: fields written in both languages where a reader sees them, drawn and read alike wherever they stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _l, date_words, number
from trainee.kit.money import whole_amount
from trainee.kit.words import Text

LANGS = ("tr", "en")
_LANG_NAMES = {"tr": _l("in Turkish"), "en": _l("in English")}
_SHORT, _LONG, _MOST = 120, 4000, 10**9
_COUNTED = ("number", "money")
Options = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to be filled in. `kind`: line, words, number, money (whole lira), date or choice; `both`: written in Turkish and in English."""

    key: str
    label: Any
    kind: str = "words"
    both: bool = True
    required: bool = True
    hint: Any = None
    options: Callable[[], Options] | None = None
    rows: int = 3
    highest: int = _MOST
    lowest: int = 0

    @property
    def most(self) -> int:
        """How many characters it takes."""
        return _LONG if self.kind == "words" else _SHORT

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """The inputs it is drawn with: (name, language), the language empty where there is one input."""
        return tuple((f"{self.key}_{lang}", lang) for lang in LANGS) if self.both else ((self.key, ""),)

    def told(self, value: Any, lang: str) -> str:
        """What was filled in, as a reader of `lang` reads it; empty where nothing was."""
        if value is None or value == "":
            return ""
        if self.both:
            return str(value.get(lang, ""))
        if self.options is not None:
            return str(dict(self.options()).get(value, value))
        if self.kind == "date":
            return date_words(date.fromisoformat(value))
        return number(value) if self.kind in _COUNTED else str(value)


def choice(key: str, label: Any, options: Callable[[], Options], required: bool = True, hint: Any = None) -> Field:
    """A field in which one of several is chosen."""
    return Field(key, label, "choice", both=False, required=required, hint=hint, options=options)


def text_of(value: Mapping[str, str]) -> Text:
    """A text that was written in both languages."""
    return Text(value.get("tr", ""), value.get("en", ""))


def read(fields: Sequence[Field], given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was filled in, by field, and what is wrong with it, by input."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in fields:
        found = {}
        for name, lang in field.parts:
            typed = " ".join(given.get(name, "").split()) if field.kind != "words" else given.get(name, "").strip().replace("\r\n", "\n")
            complaint = _complaint(field, typed)
            if complaint:
                wrong[name] = complaint
            found[lang] = typed
        if field.both and not field.required and bool(found["tr"]) != bool(found["en"]):
            wrong[f"{field.key}_{'en' if found['tr'] else 'tr'}"] = _("Please write it in both languages, or in neither.")
        values[field.key] = _value(field, found) if not any(name in wrong for name, _lang in field.parts) else found if field.both else found[""]
    return values, wrong


def _complaint(field: Field, typed: str) -> str:
    if not typed:
        return _("Please fill this in.") if field.required else ""
    if len(typed) > field.most:
        return _("That is too long; %(most)s characters are the most.", most=field.most)
    if field.options is not None and typed not in dict(field.options()):
        return _("Please choose one of these.")
    if field.kind == "number" and not (typed.isascii() and typed.isdigit() and field.lowest <= int(typed[:12]) <= field.highest):
        if field.highest < _MOST:
            return _("Please write a whole number from %(least)s to %(most)s, without signs.", least=field.lowest, most=field.highest)
        return _("Please write a whole number, without signs.")
    if field.kind == "money":
        return _amount(typed)[1]
    return _("Please write a date like 2026-03-11.") if field.kind == "date" and _day(typed) is None else ""


def _amount(typed: str) -> tuple[int, str]:
    """The amount, and what is wrong with it."""
    try:
        return whole_amount(typed), ""
    except Refusal as refusal:
        return 0, refusal.message


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _value(field: Field, found: Mapping[str, str]) -> Any:
    if field.both:
        return dict(found)
    typed = found[""]
    if field.kind in _COUNTED:
        return (_amount(typed)[0] if field.kind == "money" else int(typed)) if typed else None
    return typed


def missing(fields: Sequence[Field], values: Mapping[str, Any]) -> list[Field]:
    """The required fields that are not filled in, or in one language only."""
    return [one for one in fields if one.required and not _filled(one, values.get(one.key))]


def _filled(field: Field, value: Any) -> bool:
    if field.both:
        return bool(value) and all(str(value.get(lang, "")).strip() for lang in LANGS)
    return value not in (None, "")


def drawn(fields: Sequence[Field], values: Mapping[str, Any], wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each input as the template draws it."""
    found = []
    for field in fields:
        for name, lang in field.parts:
            value = values.get(field.key)
            found.append(
                {
                    "name": name,
                    "label": f"{field.label}, {_LANG_NAMES[lang]}" if lang else str(field.label),
                    "kind": field.kind,
                    "lang": lang,
                    "value": _drawn(field, value, lang),
                    "hint": str(field.hint) if field.hint and lang in ("", LANGS[0]) else None,
                    "errors": [wrong[name]] if name in wrong else [],
                    "required": field.required,
                    "most": field.most,
                    "rows": field.rows,
                    "options": [("", "—"), *((key, str(label)) for key, label in field.options())] if field.options is not None else [],
                }
            )
    return found


def _drawn(field: Field, value: Any, lang: str) -> Any:
    """What stands in the input: an amount as the site writes it, which it reads again."""
    if value is None:
        return ""
    if field.both:
        return value.get(lang, "")
    return number(value) if field.kind == "money" and isinstance(value, int) else value


def changed_meanwhile(fields: Sequence[Field], stands: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, str]:
    """What is said beside each input where somebody saved something else while this was written, so that nothing of either is lost unseen."""
    found: dict[str, str] = {}
    for field in fields:
        for name, lang in field.parts:
            here, hers = (_drawn(field, values.get(field.key), lang) for values in (stands, typed))
            if str(here).strip() != str(hers).strip():
                told = field.told(stands.get(field.key), lang or LANGS[0])
                found[name] = _("Here now stands: “%(words)s”. If you save again, yours takes its place.", words=told or "—")
    return found


def facts_of(fields: Sequence[Field], values: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """What was filled in, as pairs of label and words; what is empty is left out."""
    return [(str(one.label), told) for one in fields if (told := one.told(values.get(one.key), lang))]
