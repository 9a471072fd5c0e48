"""What is filled in to write a guide, to begin an interview, and to code what was said."""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _, _l
from trainee.voice.interviews import writing
from trainee.voice.interviews.actions import LONGEST
from trainee.voice.interviews.models import CONSENTS, SIDES

CONSENT_NAMES: Final = {
    "notes": _l("that notes are taken, for us alone"),
    "quotes": _l("that what was said may be passed on word for word, without a name"),
}
SPOKEN: Final = {"tr": _l("Turkish"), "en": _l("English")}
SIDE_NAMES: Final = {"strength": _l("A strength"), "weakness": _l("A weakness")}


class BeginForm(FlaskForm):
    """Along which guide, with whom, and what was agreed to."""

    guide = SelectField(_l("Guide"), [InputRequired(_l("Please choose."))])
    held_on = DateField(_l("Held on"), [InputRequired(_l("Please write the date."))])
    whom = StringField(
        _l("With whom, without a name"), [InputRequired(_l("Please say in general words whom you talk with, without a name.")), Length(max=300)]
    )
    consent = RadioField(
        _l("They agreed"),
        [InputRequired(_l("Ask first, and note what was agreed to. Without it nothing is written down."))],
        choices=[SelectChoice(one, CONSENT_NAMES[one]) for one in CONSENTS],
    )
    language = RadioField(_l("Language of the talk"), [InputRequired(_l("Please choose."))], choices=[SelectChoice(*one) for one in SPOKEN.items()])
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])

    def offer(self, guides: list[tuple[str, str]]) -> None:
        """The guides there are."""
        self.guide.choices = [SelectChoice(key, title) for key, title in guides]


class QuoteForm(FlaskForm):
    """One thing that was said."""

    words = TextAreaField(_l("What was said"), [InputRequired(_l("Please write what was said.")), Length(max=LONGEST)])
    side = RadioField(
        _l("It tells of"),
        [InputRequired(_l("Please choose whether it is a strength or a weakness."))],
        choices=[SelectChoice(one, SIDE_NAMES[one]) for one in SIDES],
    )
    skill = SelectField(_l("Skill it tells of"))
    quality = SelectField(_l("Quality it tells of"))
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])

    def offer(self, skills: list[tuple[str, str]], qualities: list[tuple[str, str]]) -> None:
        """The skills and the qualities there are, or none."""
        none: list[Any] = [SelectChoice("", _("none in particular"))]
        self.skill.choices = none + [SelectChoice(key, name) for key, name in skills]
        self.quality.choices = none + [SelectChoice(key, name) for key, name in qualities]


_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_TEXTS: Final = {
    "title": (_l("Title in Turkish"), _l("Title in English"), StringField),
    "intro": (_l("First words in Turkish"), _l("First words in English"), TextAreaField),
    "consent": (_l("Question for consent in Turkish"), _l("Question for consent in English"), TextAreaField),
}


_BOTH: Final = _l("Please write it in both languages; the talk is held in one of them.")


class GuideForm(FlaskForm):
    """A guide in both languages: title, first words, the question for consent, and its questions in their order."""

    minutes = IntegerField(_l("Minutes it takes"), [NumberRange(5, 120, _l("A talk takes 5 to 120 minutes."))], default=30)
    revision = HiddenField()
    receipt = HiddenField(validators=[Length(max=64)])

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each question, by part."""
        parts = ("id", "place", "ask_tr", "ask_en", "probe_tr", "probe_en")
        return [{part: self[f"{part}_{number}"] for part in parts} for number in range(1, writing.MOST + 1)]

    def written(self) -> dict[str, Any]:
        """What was filled in, the questions by their place; `row` says in which row of the page one stands."""
        texts = {name: {lang: self[f"{name}_{lang}"].data or "" for lang in writing.LANGUAGES} for name in _TEXTS}
        found, taken = [], set()
        for number, row in enumerate(self.rows(), 1):
            words = {part: {lang: row[f"{part}_{lang}"].data or "" for lang in writing.LANGUAGES} for part in ("ask", "probe")}
            if not any(text.strip() for pair in words.values() for text in pair.values()):
                continue
            key = row["id"].data or ""
            kept = key if _ID.fullmatch(key) and key not in taken else ""
            taken.add(kept)
            place = row["place"].data
            found.append((number if place is None else place, number, {"id": kept, "row": number, **words}))
        return texts | {"minutes": self.minutes.data or 30, "questions": [one for _place, _number, one in sorted(found, key=lambda each: each[:2])]}

    def fill(self, guide: Mapping[str, Any]) -> None:
        """Show what stands."""
        for name in _TEXTS:
            for lang in writing.LANGUAGES:
                self[f"{name}_{lang}"].data = guide[name][lang]
        self.minutes.data = guide["minutes"]
        for number, one in enumerate(guide["questions"][: writing.MOST], 1):
            self[f"id_{number}"].data, self[f"place_{number}"].data = one["id"], number
            for lang in writing.LANGUAGES:
                self[f"ask_{lang}_{number}"].data, self[f"probe_{lang}_{number}"].data = one["ask"][lang], one["probe"][lang]


for _name, (*_labels, _field) in _TEXTS.items():
    for _lang, _label in zip(writing.LANGUAGES, _labels, strict=True):
        setattr(GuideForm, f"{_name}_{_lang}", _field(_label, [InputRequired(_BOTH)]))
for _number in range(1, writing.MOST + 1):
    setattr(GuideForm, f"id_{_number}", HiddenField())
    setattr(GuideForm, f"place_{_number}", IntegerField(_l("Place"), [Optional(), NumberRange(1, 99, _l("A place is a whole number from 1 to 99."))]))
    for _part, _words in (
        ("ask", (_l("Question in Turkish"), _l("Question in English"))),
        ("probe", (_l("If the answer is short, in Turkish"), _l("If the answer is short, in English"))),
    ):
        for _lang, _label in zip(writing.LANGUAGES, _words, strict=True):
            setattr(GuideForm, f"{_part}_{_lang}_{_number}", StringField(_label, [Length(max=writing.LONGEST)]))
