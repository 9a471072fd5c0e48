"""What is filled in to write a survey, to make its codes, and to invite."""

import re
from collections.abc import Sequence
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional, ValidationError

from trainee.kit.errors import Refusal
from trainee.kit.forms import Length, NumberField, SelectChoice
from trainee.kit.i18n import _, _l
from trainee.voice.models import Survey
from trainee.voice.survey import QUESTIONS
from trainee.voice.surveys.actions import MOST_CODES, Place
from trainee.voice.surveys.sheet import LONGEST, MOST, QUALITIES, of_bank, own_scale, own_words
from trainee.voice.wording import lacks

OWN: Final = {
    "": _l("no further question"),
    "own5": _l("a sentence of your own, 1 to 5"),
    "own7": _l("a sentence of your own, 1 to 7"),
    "words": _l("a question of your own, in their words"),
}
WAY_NAMES: Final = {
    "qr": _l("Printed code for a shop or a counter"),
    "person": _l("Printed code for each person of a team"),
    "receipt": _l("Codes for receipts, one answer each"),
    "kiosk": _l("Kiosk: a tablet in the shop"),
    "link": _l("Links to hand on, one answer each"),
}
WAYS_TOLD: Final = {
    "qr": _l("printed code"),
    "receipt": _l("code on a receipt"),
    "kiosk": _l("kiosk"),
    "link": _l("link"),
    "mail": _l("e-mail"),
}
# By which way answers came: what many may use, and what takes one answer each, as one table tells them apart.
MANY_TOLD: Final = {**WAYS_TOLD, "link": _l("open link"), "file": _l("file of another system")}
ONCE_TOLD: Final = {**WAYS_TOLD, "link": _l("links, one answer each")}
_ADDRESS = re.compile(r"[^\s@<>,;:\"]{1,64}@[^\s@<>,;:\"]{1,190}\.[^\s@<>,;:\".]{2,}")
MOST_GUESTS = 500
QUALITY_NAMES: Final = {
    "reliability": _l("Reliability"),
    "flexibility": _l("Flexibility"),
    "trust": _l("Trust"),
    "empathy": _l("Empathy"),
    "aesthetics": _l("Aesthetics"),
}


class TextsForm(FlaskForm):
    """The title and the first words, in both languages."""

    title_tr = StringField(_l("Title in Turkish"), [InputRequired(_l("Please write the title in Turkish.")), Length(max=120)])
    title_en = StringField(_l("Title in English"), [InputRequired(_l("Please write the title in English.")), Length(max=120)])
    intro_tr = TextAreaField(
        _l("First words in Turkish"),
        [InputRequired(_l("Please say in Turkish what it is about and that nobody has to answer.")), Length(max=LONGEST)],
        description=_l("What it is about, and that nobody has to answer."),
    )
    intro_en = TextAreaField(
        _l("First words in English"),
        [InputRequired(_l("Please say in English what it is about and that nobody has to answer.")), Length(max=LONGEST)],
        description=_l("What it is about, and that nobody has to answer."),
    )
    revision = HiddenField()
    receipt = HiddenField()

    def validate_intro_tr(self, field: TextAreaField) -> None:
        """Customers are told what it is about and that they need not answer."""
        _introduced(field.data or "", "tr")

    def validate_intro_en(self, field: TextAreaField) -> None:
        """The same for whoever reads it in English."""
        _introduced(field.data or "", "en")

    def texts(self) -> dict[str, Any]:
        """Title and intro as they are kept."""
        pair = {"tr": self.title_tr.data or "", "en": self.title_en.data or ""}
        return {"title": pair, "intro": {"tr": self.intro_tr.data or "", "en": self.intro_en.data or ""}}

    def fill(self, survey: Survey) -> None:
        """Show what stands."""
        self.title_tr.data, self.title_en.data = survey.title["tr"], survey.title["en"]
        self.intro_tr.data, self.intro_en.data = survey.intro["tr"], survey.intro["en"]
        self.revision.data = str(survey.revision)


_LACKS: Final = {
    ("free", "tr"): _l("Say in Turkish, too, that nobody has to answer, for instance: “%(example)s”", example="Yanıtlamak zorunda değilsiniz."),
    ("free", "en"): _l("Say in English, too, that nobody has to answer, for instance: “%(example)s”", example="You need not answer."),
    ("topic", "tr"): _l("Say in Turkish, too, what it is about, for instance: “%(example)s”", example="Bugünkü alışverişinizi soruyoruz."),
    ("topic", "en"): _l("Say in English, too, what it is about, for instance: “%(example)s”", example="We ask about what you bought today."),
}


def _introduced(words: str, lang: str) -> None:
    lacking = lacks(words, lang)
    if lacking is not None:
        raise ValidationError(str(_LACKS[lacking, lang]))


class SurveyForm(TextsForm):
    """A short survey: up to five questions, of the bank or one's own."""

    def written(self) -> dict[str, Any]:
        """What was filled in, as it is kept."""
        return self.texts() | {"questions": [one for number in range(1, MOST + 1) if (one := self._question(number)) is not None]}

    def _question(self, number: int) -> dict[str, Any] | None:
        kind = self[f"kind_{number}"].data
        text = {"tr": self[f"tr_{number}"].data or "", "en": self[f"en_{number}"].data or ""}
        if kind in QUESTIONS:
            return of_bank(kind)
        if kind in ("own5", "own7"):
            return own_scale(number, int(kind[3:]), text)
        return own_words(number, text) if kind == "words" else None

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each question."""
        return [(self[f"kind_{number}"], self[f"tr_{number}"], self[f"en_{number}"]) for number in range(1, MOST + 1)]

    def fill(self, survey: Survey) -> None:
        """Show what stands."""
        super().fill(survey)
        for number, one in enumerate(survey.questions[:MOST], 1):
            own = "words" if one["kind"] == "text" else f"own{one['high']}"
            self[f"kind_{number}"].data = one.get("measure") or (own if own in OWN else "own5")
            if not one.get("measure"):
                self[f"tr_{number}"].data, self[f"en_{number}"].data = one["text"]["tr"], one["text"]["en"]


for _number in range(1, MOST + 1):
    # The first is always asked.
    _kinds = [SelectChoice(key, words) for key, words in OWN.items() if key or _number > 1] + [
        SelectChoice(key, one.words) for key, one in QUESTIONS.items()
    ]
    setattr(
        SurveyForm,
        f"kind_{_number}",
        SelectField(
            _l("Question"),
            [AnyOf([one.value for one in _kinds], _l("Please choose the first question.") if _number == 1 else _l("Please choose one of these."))],
            choices=_kinds,
            validate_choice=False,
            default="satisfied" if _number == 1 else "",
        ),
    )
    setattr(SurveyForm, f"tr_{_number}", StringField(_l("Your own words in Turkish"), [Length(max=LONGEST)]))
    setattr(SurveyForm, f"en_{_number}", StringField(_l("Your own words in English"), [Length(max=LONGEST)]))


class QuestionnaireForm(TextsForm):
    """A long questionnaire: statements in lines, each with its service quality and its words in both languages."""

    expected = BooleanField(_l("Ask each statement twice: of an excellent team, and of ours"))
    lines = TextAreaField(_l("Statements, one in a line: quality | Turkish | English"), [Length(max=20_000)])

    def written(self) -> dict[str, Any]:
        """What was filled in. Refusal (422) with the line that cannot be read."""
        questions: list[dict[str, Any]] = []
        for number, line in enumerate((self.lines.data or "").splitlines(), 1):
            if not line.strip():
                continue
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != 3 or parts[0] not in QUALITIES or not all(parts):
                raise Refusal(
                    _("Line %(num)s: write quality | Turkish | English; the qualities are %(all)s.", num=number, all=", ".join(QUALITIES)),
                    422,
                    "lines",
                )
            questions.append(own_scale(len(questions) + 1, 7, {"tr": parts[1], "en": parts[2]}) | {"quality": parts[0]})
        return self.texts() | {"questions": questions, "stems": STEMS if self.expected.data else {}}

    def fill(self, survey: Survey) -> None:
        """Show what stands."""
        super().fill(survey)
        self.expected.data = bool(survey.stems)
        self.lines.data = "\n".join(f"{one.get('quality') or ''} | {one['text']['tr']} | {one['text']['en']}" for one in survey.questions)


STEMS: Final = {
    "expectation": {"tr": "Mükemmel bir hizmet ekibi...", "en": "An excellent service team..."},
    "perception": {"tr": "Bizim ekibimiz...", "en": "Our team..."},
}


class WaveTargetsForm(FlaskForm):
    """How far each quality may lie from an excellent team; empty takes a target back. And where areas of concern begin."""

    line = NumberField(
        _l("Areas of concern: under so many hundredths of the scale"),
        [Optional(), NumberRange(0, 100, _l("The line lies between 0 and 100 hundredths of the scale."))],
    )


for _quality, _words in QUALITY_NAMES.items():
    setattr(WaveTargetsForm, f"gap_{_quality}", NumberField(_words, [Optional(), NumberRange(-6, 6, _l("A gap lies between −6 and +6."))]))


class LinksForm(FlaskForm):
    """Which codes are made, for where."""

    way = RadioField(
        _l("How do customers come to it?"),
        [InputRequired(_l("Please choose."))],
        choices=[SelectChoice(way, name) for way, name in WAY_NAMES.items()],
    )
    team_id = SelectField(_l("Team"), coerce=int)
    labels = TextAreaField(_l("Where it stands, one in a line (till 1, entrance, fitting service)"), [Length(max=4000)])
    count = IntegerField(_l("How many codes"), [Optional(), NumberRange(1, MOST_CODES, _l("Please make 1 to 120 codes at a time."))])
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])

    def offer(self, teams: Sequence[Any]) -> None:
        """The teams there are; 0 stands for the company as a whole."""
        self.team_id.choices = [SelectChoice(0, _("the whole company")), *[SelectChoice(row.id, f"{row.unit} · {row.name}") for row in teams]]

    def places(self, people: Sequence[Any]) -> list[Place]:
        """What a code is made for each; `people` are those of the chosen team, for codes of persons."""
        team = self.team_id.data or None
        if self.way.data == "person":
            if team is None:
                raise Refusal(_("Please choose a team with people in it."), 422, "team_id")
            if not people:
                raise Refusal(_("In this team is nobody whose name you may see. Whoever leads it, or HR, can make these codes."), 422, "team_id")
            return [Place(row.name, None, row.id) for row in people]
        labels = [line.strip() for line in (self.labels.data or "").splitlines() if line.strip()]
        if self.way.data in ("receipt", "link"):
            return [Place(labels[0] if labels else "", team)] * (self.count.data or 12)
        if not labels:
            raise Refusal(_("Please say where it stands; it is printed under the code."), 422, "labels")
        return [Place(label, team) for label in labels]


class InviteForm(FlaskForm):
    """Customers' addresses, one in a line, with the employee who served them where that is known."""

    addresses = TextAreaField(
        _l("Addresses, one in a line: e-mail; number or user name of who served; tr or en"),
        [InputRequired(_l("Please write at least one address.")), Length(max=60_000)],
    )
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])

    def guests(self, people: dict[str, int], fold: Any) -> list[tuple[str, Place, str]]:
        """Who is asked about what. Refusal (422) with the first line that cannot be read."""
        found = []
        for number, line in enumerate((self.addresses.data or "").splitlines(), 1):
            parts = [part.strip() for part in line.split(";")]
            if not any(parts):
                continue
            served = parts[1] if len(parts) > 1 else ""
            if not _ADDRESS.fullmatch(parts[0]) or not parts[0].isascii():
                raise Refusal(_("Line %(num)s holds no e-mail address we can write to.", num=number), 422, "addresses")
            if served and fold(served) not in people:
                raise Refusal(_("Line %(num)s: nobody here has that number or user name.", num=number), 422, "addresses")
            language = parts[2] if len(parts) > 2 and parts[2] in ("tr", "en") else "tr"
            found.append((parts[0], Place("", None, people.get(fold(served)) if served else None), language))
        if not 1 <= len(found) <= MOST_GUESTS:
            raise Refusal(_("Please invite 1 to %(most)s customers at a time.", most=MOST_GUESTS), 422, "addresses")
        return found


class StopForm(FlaskForm):
    """The address of somebody who does not want to be asked."""

    address = StringField(_l("E-mail of a customer who does not want to be asked"), [InputRequired(_l("Please write the address.")), Length(max=254)])

    def validate_address(self, field: StringField) -> None:
        """What is no address would be noted and hold nobody back."""
        if not _ADDRESS.fullmatch((field.data or "").strip()):
            raise ValidationError(_("Please write the address."))
