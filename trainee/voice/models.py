"""What customers are asked, how they are reached, and what they answer."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words


class Rating(Base):
    """A customer's answer to one question. No customer is named, and no number of one is kept.

    `external_id` is what the system it comes from calls this answer: a file read twice is kept once.
    """

    id: Mapped[Key]
    # Who served her, where that is known; her team is the one she was in then.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    # The sheet it stands on, where it was answered on a page of ours.
    response_id: Mapped[int | None] = mapped_column(ForeignKey("survey_response.id"), index=True)
    given_at: Mapped[Moment]
    taken_at: Mapped[Moment]
    instrument: Mapped[str] = mapped_column(String(20))
    # A plain string and not an enum, so that a new question needs no migration.
    question: Mapped[Name]
    # None where she answered in words alone.
    value: Mapped[int | None]
    # Masked before it is kept; empty when the customer wrote nothing. Blanked when its retention ends.
    comment: Mapped[Words]
    system: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[Name]

    __table_args__ = (
        CheckConstraint("value BETWEEN 0 AND 10", name="value"),
        Index("uq_rating_known_by", "system", "external_id", unique=True),
        Index("ix_rating_person_given", "person_id", "given_at"),
        Index("ix_rating_given", "given_at"),
        Index("ix_rating_question_given", "question", "given_at"),
    )


class RatingReply(Base):
    """What somebody answers to a customer's words about her; read by her and those who lead her, never by the customer."""

    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[Words]
    written_at: Mapped[Moment]


class CommentTheme(Base):
    """A theme a comment was coded with: by the words it holds (`coded_by_id` is None), or by somebody who read it and knew better."""

    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(40), primary_key=True)
    coded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Concern(Base):
    """A customer felt that nobody cared: a task for whoever leads the one who served her, or the team, until it says what was done."""

    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id"), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    opened_at: Mapped[Moment]
    due_on: Mapped[date]
    closed_at: Mapped[Moment | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done: Mapped[Words | None]

    __table_args__ = (CheckConstraint("(closed_at IS NULL) = (done IS NULL)", name="closed_with_words"),)


class MeasureTarget(Base):
    """What a measure should reach: for a team, or for everybody where no team stands. Rows are added; the newest of a scope counts."""

    id: Mapped[Key]
    measure: Mapped[str] = mapped_column(String(20))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    # None: there is no target any more.
    value: Mapped[float | None]
    set_at: Mapped[Moment]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Survey(Base):
    """A survey (1 to 5 questions after a contact) or a questionnaire (long, in waves) as it is being written, in both languages.

    What customers see is a wave, which keeps its own copy: changing the survey changes nothing that was asked. `revision` grows with each change.
    """

    id: Mapped[Key]
    key: Mapped[Name] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[Json]
    intro: Mapped[Json]
    stems: Mapped[Json]
    questions: Mapped[Json]
    # A statement of it must stay word for word, because it is compared with others'.
    fixed: Mapped[bool]
    revision: Mapped[int]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Moment]
    changed_at: Mapped[Moment]

    __table_args__ = (CheckConstraint("kind IN ('survey', 'questionnaire')", name="kind_known"),)


class SurveyWave(Base):
    """One run of a survey, its wording locked from the moment it opens. At most one of a survey is open."""

    id: Mapped[Key]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    number: Mapped[int]
    title: Mapped[Json]
    intro: Mapped[Json]
    stems: Mapped[Json]
    questions: Mapped[Json]
    opened_at: Mapped[Moment]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[Moment | None]

    __table_args__ = (
        Index("uq_survey_wave_number", "survey_id", "number", unique=True),
        Index("uq_survey_wave_open", "survey_id", unique=True, sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    )


class AskLink(Base):
    """An address at which a survey is answered: printed for many customers (`many`), or for one answer by one of them.

    Whoever has the address may answer, so what is in it cannot be guessed. That of one answer is kept as a digest only.
    """

    id: Mapped[Key]
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    code: Mapped[str | None] = mapped_column(String(40))
    way: Mapped[str] = mapped_column(String(20))
    many: Mapped[bool]
    label: Mapped[Name]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # Which press of the button made it: pressing twice makes nothing twice.
    receipt: Mapped[Name] = mapped_column(unique=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]

    __table_args__ = (CheckConstraint("way IN ('link', 'qr', 'receipt', 'kiosk', 'mail')", name="way_known"),)


class AskedCustomer(Base):
    """That a customer was asked, or does not want to be: under a keyed digest of her address, from which the address cannot be read."""

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_at: Mapped[Moment | None]
    refused_at: Mapped[Moment | None]


class Invitation(Base):
    """A mail that asks one customer once. Her address is here until the mail has gone or is given up, and nowhere after that."""

    id: Mapped[Key]
    link_id: Mapped[int] = mapped_column(ForeignKey("ask_link.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[Name | None]
    language: Mapped[str] = mapped_column(String(2))
    made_at: Mapped[Moment]
    next_try_at: Mapped[Moment]
    tries: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    ended_at: Mapped[Moment | None]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state_known"),
        CheckConstraint("(state = 'waiting') = (address IS NOT NULL)", name="address_while_waiting"),
        Index("ix_invitation_waiting", "state", "next_try_at"),
    )


class SurveyResponse(Base):
    """One answered sheet: which wave, where, in which language and how it was reached. Nothing of who answered."""

    id: Mapped[Key]
    wave_id: Mapped[int] = mapped_column(ForeignKey("survey_wave.id"), index=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("ask_link.id"), index=True)
    # The page it was answered on: sent twice, it is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)
    given_at: Mapped[Moment]
    language: Mapped[str] = mapped_column(String(2))
