"""What customers are asked, how they are reached, what they answer, and what is done about it

Revision: 0035, after 0034.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ratings so far stay, each with the team that the person it tells of was in on its day."""
    _new_tables()
    with op.batch_alter_table("rating") as batch:
        batch.drop_constraint(op.f("ck_rating_value"), type_="check")
        batch.create_check_constraint(op.f("ck_rating_value"), "value BETWEEN 0 AND 10")
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("value", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("response_id", sa.Integer(), nullable=True))
        batch.create_index("ix_rating_question_given", ["question", "given_at"])
        batch.create_index(op.f("ix_rating_response_id"), ["response_id"])
        batch.create_foreign_key(op.f("fk_rating_response_id"), "survey_response", ["response_id"], ["id"])
        batch.create_foreign_key(op.f("fk_rating_team_id"), "team", ["team_id"], ["id"])
    op.execute(
        "UPDATE rating SET team_id = (SELECT stay.team_id FROM stay WHERE stay.person_id = rating.person_id AND stay.since <= rating.given_at"
        " AND (stay.until IS NULL OR stay.until > rating.given_at) ORDER BY stay.since DESC, stay.id DESC LIMIT 1)"
    )


def downgrade() -> None:
    """The ratings that tell of a person, in a number the older scale holds, stay; all else that customers were asked is gone."""
    with op.batch_alter_table("rating") as batch:
        batch.drop_constraint(op.f("fk_rating_team_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_rating_response_id"), type_="foreignkey")
        batch.drop_index(op.f("ix_rating_response_id"))
        batch.drop_index("ix_rating_question_given")
        batch.drop_column("response_id")
        batch.drop_column("team_id")
    _drop_tables()
    op.execute("DELETE FROM rating WHERE person_id IS NULL OR value IS NULL OR value NOT BETWEEN 1 AND 7")
    with op.batch_alter_table("rating") as batch:
        batch.drop_constraint(op.f("ck_rating_value"), type_="check")
        batch.create_check_constraint(op.f("ck_rating_value"), "value BETWEEN 1 AND 7")
        batch.alter_column("value", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=False)


def _new_tables() -> None:
    op.create_table('asked_customer',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_asked_customer'))
    )
    op.create_table('interview_talk',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('guide_key', sa.String(length=120), nullable=False),
    sa.Column('guide', sa.JSON(), nullable=False),
    sa.Column('interviewer_id', sa.Integer(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('whom', sa.Text(), nullable=False),
    sa.Column('consent', sa.String(length=20), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('receipt', sa.String(length=120), nullable=False),
    sa.CheckConstraint("consent IN ('notes', 'quotes')", name=op.f('ck_interview_talk_consent_known')),
    sa.ForeignKeyConstraint(['interviewer_id'], ['person.id'], name=op.f('fk_interview_talk_interviewer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interview_talk')),
    sa.UniqueConstraint('receipt', name=op.f('uq_interview_talk_receipt'))
    )
    with op.batch_alter_table('interview_talk', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interview_talk_interviewer_id'), ['interviewer_id'], unique=False)

    op.create_table('measure_target',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('measure', sa.String(length=20), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('value', sa.Float(), nullable=True),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['set_by_id'], ['person.id'], name=op.f('fk_measure_target_set_by_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_measure_target_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure_target'))
    )
    op.create_table('survey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('intro', sa.JSON(), nullable=False),
    sa.Column('stems', sa.JSON(), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('fixed', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('survey', 'questionnaire')", name=op.f('ck_survey_kind_known')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_survey_made_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey')),
    sa.UniqueConstraint('key', name=op.f('uq_survey_key'))
    )
    op.create_table('ask_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=True),
    sa.Column('way', sa.String(length=20), nullable=False),
    sa.Column('many', sa.Boolean(), nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('receipt', sa.String(length=120), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("way IN ('link', 'qr', 'receipt', 'kiosk', 'mail')", name=op.f('ck_ask_link_way_known')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_ask_link_made_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_ask_link_person_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_ask_link_survey_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_ask_link_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ask_link')),
    sa.UniqueConstraint('digest', name=op.f('uq_ask_link_digest')),
    sa.UniqueConstraint('receipt', name=op.f('uq_ask_link_receipt'))
    )
    with op.batch_alter_table('ask_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ask_link_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ask_link_survey_id'), ['survey_id'], unique=False)

    op.create_table('interview_quote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('talk_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('verbatim', sa.Boolean(), nullable=False),
    sa.Column('side', sa.String(length=20), nullable=False),
    sa.Column('skill_key', sa.String(length=120), nullable=True),
    sa.Column('quality', sa.String(length=120), nullable=True),
    sa.Column('coded_by_id', sa.Integer(), nullable=False),
    sa.Column('coded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('receipt', sa.String(length=120), nullable=False),
    sa.CheckConstraint("side IN ('strength', 'weakness')", name=op.f('ck_interview_quote_side_known')),
    sa.ForeignKeyConstraint(['coded_by_id'], ['person.id'], name=op.f('fk_interview_quote_coded_by_id')),
    sa.ForeignKeyConstraint(['skill_key'], ['skill.key'], name=op.f('fk_interview_quote_skill_key')),
    sa.ForeignKeyConstraint(['talk_id'], ['interview_talk.id'], name=op.f('fk_interview_quote_talk_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interview_quote')),
    sa.UniqueConstraint('receipt', name=op.f('uq_interview_quote_receipt'))
    )
    with op.batch_alter_table('interview_quote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interview_quote_talk_id'), ['talk_id'], unique=False)

    op.create_table('survey_wave',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('intro', sa.JSON(), nullable=False),
    sa.Column('stems', sa.JSON(), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['opened_by_id'], ['person.id'], name=op.f('fk_survey_wave_opened_by_id')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_wave_survey_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_wave'))
    )
    with op.batch_alter_table('survey_wave', schema=None) as batch_op:
        batch_op.create_index('uq_survey_wave_number', ['survey_id', 'number'], unique=True)
        batch_op.create_index('uq_survey_wave_open', ['survey_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('link_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=120), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'waiting') = (address IS NOT NULL)", name=op.f('ck_invitation_address_while_waiting')),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f('ck_invitation_state_known')),
    sa.ForeignKeyConstraint(['link_id'], ['ask_link.id'], name=op.f('fk_invitation_link_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('link_id', name=op.f('uq_invitation_link_id'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_digest'), ['digest'], unique=False)
        batch_op.create_index('ix_invitation_waiting', ['state', 'next_try_at'], unique=False)

    op.create_table('survey_response',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('link_id', sa.Integer(), nullable=False),
    sa.Column('receipt', sa.String(length=120), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['ask_link.id'], name=op.f('fk_survey_response_link_id')),
    sa.ForeignKeyConstraint(['wave_id'], ['survey_wave.id'], name=op.f('fk_survey_response_wave_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_response')),
    sa.UniqueConstraint('receipt', name=op.f('uq_survey_response_receipt'))
    )
    with op.batch_alter_table('survey_response', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_response_link_id'), ['link_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_survey_response_wave_id'), ['wave_id'], unique=False)

    op.create_table('comment_theme',
    sa.Column('rating_id', sa.Integer(), nullable=False),
    sa.Column('theme', sa.String(length=40), nullable=False),
    sa.Column('coded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['coded_by_id'], ['person.id'], name=op.f('fk_comment_theme_coded_by_id')),
    sa.ForeignKeyConstraint(['rating_id'], ['rating.id'], name=op.f('fk_comment_theme_rating_id')),
    sa.PrimaryKeyConstraint('rating_id', 'theme', name=op.f('pk_comment_theme'))
    )
    op.create_table('concern',
    sa.Column('rating_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('done', sa.Text(), nullable=True),
    sa.CheckConstraint('(closed_at IS NULL) = (done IS NULL)', name=op.f('ck_concern_closed_with_words')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_concern_closed_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_concern_person_id')),
    sa.ForeignKeyConstraint(['rating_id'], ['rating.id'], name=op.f('fk_concern_rating_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_concern_team_id')),
    sa.PrimaryKeyConstraint('rating_id', name=op.f('pk_concern'))
    )
    with op.batch_alter_table('concern', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_concern_person_id'), ['person_id'], unique=False)

    op.create_table('rating_reply',
    sa.Column('rating_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_rating_reply_person_id')),
    sa.ForeignKeyConstraint(['rating_id'], ['rating.id'], name=op.f('fk_rating_reply_rating_id')),
    sa.PrimaryKeyConstraint('rating_id', name=op.f('pk_rating_reply'))
    )
    with op.batch_alter_table('rating_reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rating_reply_person_id'), ['person_id'], unique=False)


def _drop_tables() -> None:
    op.drop_table("rating_reply")
    op.drop_table("concern")
    op.drop_table("comment_theme")
    op.drop_table("survey_response")
    op.drop_table("invitation")
    op.drop_table("survey_wave")
    op.drop_table("interview_quote")
    op.drop_table("ask_link")
    op.drop_table("survey")
    op.drop_table("measure_target")
    op.drop_table("interview_talk")
    op.drop_table("asked_customer")
