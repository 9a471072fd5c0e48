"""The first schema

Revision: 0001, after .
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


# The database itself refuses changes to the log of evidence.
TRIGGERS = {'postgresql': ("CREATE FUNCTION evidence_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'evidence "
                "is never deleted'; END IF; IF NEW.detail::text = '{}' AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.person_id IS NOT DISTINCT FROM "
                'OLD.person_id AND NEW.skill_key IS NOT DISTINCT FROM OLD.skill_key AND NEW.source IS NOT DISTINCT FROM OLD.source AND NEW.score IS '
                'NOT DISTINCT FROM OLD.score AND NEW.item IS NOT DISTINCT FROM OLD.item AND NEW.occurred_at IS NOT DISTINCT FROM OLD.occurred_at AND '
                'NEW.recorded_at IS NOT DISTINCT FROM OLD.recorded_at AND NEW.choices IS NOT DISTINCT FROM OLD.choices AND NEW.actor_id IS NOT '
                'DISTINCT FROM OLD.actor_id AND NEW.receipt IS NOT DISTINCT FROM OLD.receipt AND NEW.retracts_id IS NOT DISTINCT FROM '
                "OLD.retracts_id AND EXISTS (SELECT 1 FROM evidence_door WHERE is_open) THEN RETURN NEW; END IF; RAISE EXCEPTION 'evidence is never "
                "changed'; END $$",
                'CREATE TRIGGER evidence_is_kept BEFORE UPDATE OR DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION evidence_is_kept()'),
 'sqlite': ("CREATE TRIGGER evidence_is_never_deleted BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END",
            "CREATE TRIGGER evidence_is_never_changed BEFORE UPDATE ON evidence WHEN NOT (NEW.detail = '{}' AND NEW.id IS OLD.id AND NEW.person_id "
            'IS OLD.person_id AND NEW.skill_key IS OLD.skill_key AND NEW.source IS OLD.source AND NEW.score IS OLD.score AND NEW.item IS OLD.item '
            'AND NEW.occurred_at IS OLD.occurred_at AND NEW.recorded_at IS OLD.recorded_at AND NEW.choices IS OLD.choices AND NEW.actor_id IS '
            'OLD.actor_id AND NEW.receipt IS OLD.receipt AND NEW.retracts_id IS OLD.retracts_id AND EXISTS (SELECT 1 FROM evidence_door WHERE '
            "is_open)) BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END")}
DROPPED = {'postgresql': ('DROP TRIGGER IF EXISTS evidence_is_kept ON evidence', 'DROP FUNCTION IF EXISTS evidence_is_kept()'),
 'sqlite': ('DROP TRIGGER IF EXISTS evidence_is_never_deleted', 'DROP TRIGGER IF EXISTS evidence_is_never_changed')}
SHUT = 'INSERT INTO evidence_door (id, is_open) VALUES (1, false)'


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    # A team has a supervisor and a person a team: PostgreSQL wants both tables first, SQLite takes the key at once and only then.
    key = sa.ForeignKeyConstraint(['supervisor_id'], ['person.id'], name=op.f('fk_team_supervisor_id'))
    circle = [key] if dialect == 'sqlite' else []
    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('deed', sa.String(length=120), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_subject'), ['subject'], unique=False)

    op.create_table('calibration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('policy', sa.String(length=12), nullable=False),
    sa.Column('learned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('current_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('events', sa.Integer(), nullable=False),
    sa.Column('item_difficulties', sa.JSON(), nullable=False),
    sa.Column('skill_difficulties', sa.JSON(), nullable=False),
    sa.CheckConstraint("state IN ('current', 'folding', 'retired')", name=op.f('ck_calibration_state_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration'))
    )
    with op.batch_alter_table('calibration', schema=None) as batch_op:
        batch_op.create_index('uq_calibration_one_current', ['state'], unique=True, sqlite_where=sa.text("state = 'current'"), postgresql_where=sa.text("state = 'current'"))
        batch_op.create_index('uq_calibration_one_folding', ['state'], unique=True, sqlite_where=sa.text("state = 'folding'"), postgresql_where=sa.text("state = 'folding'"))

    op.create_table('evidence_door',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_evidence_door_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_door'))
    )
    op.create_table('family',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name_tr', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_family'))
    )
    op.create_table('job_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('job', sa.String(length=120), nullable=False),
    sa.Column('slot', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=120), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_run')),
    sa.UniqueConstraint('job', 'slot', name=op.f('uq_job_run_job_slot'))
    )
    op.create_table('policy_card',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('title_tr', sa.String(length=120), nullable=False),
    sa.Column('title_en', sa.String(length=120), nullable=False),
    sa.Column('owner_tr', sa.String(length=120), nullable=False),
    sa.Column('owner_en', sa.String(length=120), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('review_by', sa.Date(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('legal_review', sa.Boolean(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('html_tr', sa.Text(), nullable=False),
    sa.Column('html_en', sa.Text(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_policy_card'))
    )
    op.create_table('term',
    sa.Column('kind', sa.String(length=120), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name_tr', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('definition_tr', sa.Text(), nullable=True),
    sa.Column('definition_en', sa.Text(), nullable=True),
    sa.Column('detail', sa.JSON(), nullable=True),
    sa.PrimaryKeyConstraint('kind', 'key', name=op.f('pk_term'))
    )
    op.create_table('throttle',
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('window', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_throttle'))
    )
    op.create_table('unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['parent_id'], ['unit.id'], name=op.f('fk_unit_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('name', name=op.f('uq_unit_name'))
    )
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_parent_id'), ['parent_id'], unique=False)

    op.create_table('skill',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('family_key', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('quality', sa.String(length=120), nullable=False),
    sa.Column('step', sa.String(length=120), nullable=False),
    sa.Column('name_tr', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('definition_tr', sa.Text(), nullable=False),
    sa.Column('definition_en', sa.Text(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['family_key'], ['family.key'], name=op.f('fk_skill_family_key')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_skill'))
    )
    with op.batch_alter_table('skill', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_skill_family_key'), ['family_key'], unique=False)

    op.create_table('team',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('supervisor_id', sa.Integer(), nullable=True),
    *circle,
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_team_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team')),
    sa.UniqueConstraint('name', name=op.f('uq_team_name'))
    )
    with op.batch_alter_table('team', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_supervisor_id'), ['supervisor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_team_unit_id'), ['unit_id'], unique=False)

    op.create_table('anchor',
    sa.Column('skill_key', sa.String(length=120), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('words_tr', sa.Text(), nullable=False),
    sa.Column('words_en', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['skill_key'], ['skill.key'], name=op.f('fk_anchor_skill_key')),
    sa.PrimaryKeyConstraint('skill_key', 'level', 'position', name=op.f('pk_anchor'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('username', sa.String(length=120), nullable=False),
    sa.Column('username_key', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('email_key', sa.String(length=254), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('name_sort', sa.String(length=400), nullable=False),
    sa.Column('employee_no', sa.String(length=40), nullable=True),
    sa.Column('job', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('time_zone', sa.String(length=120), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('hired_on', sa.Date(), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('photo_digest', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_person_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email_key', name=op.f('uq_person_email_key')),
    sa.UniqueConstraint('employee_no', name=op.f('uq_person_employee_no')),
    sa.UniqueConstraint('username', name=op.f('uq_person_username')),
    sa.UniqueConstraint('username_key', name=op.f('uq_person_username_key'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_name_sort'), ['name_sort'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_team_id'), ['team_id'], unique=False)

    op.create_table('access_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_access_link_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_link')),
    sa.UniqueConstraint('digest', name=op.f('uq_access_link_digest'))
    )
    with op.batch_alter_table('access_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_link_person_id'), ['person_id'], unique=False)

    op.create_table('assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('module_key', sa.String(length=120), nullable=False),
    sa.Column('given_by_id', sa.Integer(), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('accepts_earlier', sa.Boolean(), nullable=False),
    sa.Column('excused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('excuse', sa.Text(), nullable=True),
    sa.CheckConstraint('excused_at IS NULL OR excuse IS NOT NULL', name=op.f('ck_assignment_excuse_has_reason')),
    sa.ForeignKeyConstraint(['given_by_id'], ['person.id'], name=op.f('fk_assignment_given_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_assignment_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index('ix_assignment_open', ['person_id'], unique=False, sqlite_where=sa.text('excused_at IS NULL'), postgresql_where=sa.text('excused_at IS NULL'))
        batch_op.create_index('ix_assignment_person_module', ['person_id', 'module_key'], unique=False)
        batch_op.create_index('uq_assignment_given_once', ['person_id', 'module_key', 'given_at'], unique=True)

    op.create_table('correction_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decision', sa.String(length=20), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('receipt', sa.String(length=120), nullable=False),
    sa.CheckConstraint('(decided_at IS NULL) = (decision IS NULL)', name=op.f('ck_correction_request_decided_once')),
    sa.CheckConstraint('decided_by_id IS NULL OR decided_by_id <> person_id', name=op.f('ck_correction_request_not_ones_own')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_correction_request_decided_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_correction_request_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction_request')),
    sa.UniqueConstraint('receipt', name=op.f('uq_correction_request_receipt'))
    )
    with op.batch_alter_table('correction_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_request_person_id'), ['person_id'], unique=False)

    op.create_table('duty_shift',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('area', sa.String(length=120), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('phone', sa.String(length=30), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rank IN (1, 2)', name=op.f('ck_duty_shift_rank')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_duty_shift_has_length')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_duty_shift_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_shift'))
    )
    with op.batch_alter_table('duty_shift', schema=None) as batch_op:
        batch_op.create_index('ix_duty_shift_ends', ['ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_duty_shift_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_duty_shift_one_begins', ['area', 'rank', 'starts_at'], unique=True)

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('skill_key', sa.String(length=120), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('item', sa.String(length=200), nullable=False),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('choices', sa.Integer(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('receipt', sa.String(length=250), nullable=False),
    sa.Column('retracts_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('choices >= 0', name=op.f('ck_evidence_choices_counted')),
    sa.CheckConstraint('score >= 0 AND score <= 1', name=op.f('ck_evidence_score_in_range')),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_evidence_actor_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_evidence_person_id')),
    sa.ForeignKeyConstraint(['retracts_id'], ['evidence.id'], name=op.f('fk_evidence_retracts_id')),
    sa.ForeignKeyConstraint(['skill_key'], ['skill.key'], name=op.f('fk_evidence_skill_key')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('receipt', name=op.f('uq_evidence_receipt')),
    sa.UniqueConstraint('retracts_id', name=op.f('uq_evidence_retracts_id'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index('ix_evidence_actor', ['actor_id'], unique=False)
        batch_op.create_index('ix_evidence_in_order', ['person_id', 'occurred_at', 'id'], unique=False)

    op.create_table('expectation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('skill', sa.String(length=120), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('monitored', sa.Text(), nullable=False),
    sa.Column('how_often', sa.String(length=200), nullable=False),
    sa.Column('seen_by', sa.String(length=200), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(team_id IS NULL) <> (person_id IS NULL)', name=op.f('ck_expectation_team_or_person')),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_expectation_level')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_expectation_person_id')),
    sa.ForeignKeyConstraint(['set_by_id'], ['person.id'], name=op.f('fk_expectation_set_by_id')),
    sa.ForeignKeyConstraint(['skill'], ['skill.key'], name=op.f('fk_expectation_skill')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_expectation_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expectation'))
    )
    with op.batch_alter_table('expectation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_expectation_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_expectation_person_skill', ['person_id', 'skill'], unique=False)
        batch_op.create_index(batch_op.f('ix_expectation_team_id'), ['team_id'], unique=False)

    op.create_table('item_memory',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('calibration_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.String(length=20), nullable=False),
    sa.Column('item', sa.String(length=330), nullable=False),
    sa.Column('m', sa.Double(), nullable=False),
    sa.Column('v', sa.Double(), nullable=False),
    sa.Column('m_all', sa.Double(), nullable=False),
    sa.Column('v_all', sa.Double(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('day', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['calibration_id'], ['calibration.id'], name=op.f('fk_item_memory_calibration_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_item_memory_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'calibration_id', 'line', 'item', name=op.f('pk_item_memory'))
    )
    op.create_table('lesson_note',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('module_key', sa.String(length=120), nullable=False),
    sa.Column('lesson_key', sa.String(length=120), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_lesson_note_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'module_key', 'lesson_key', name=op.f('pk_lesson_note'))
    )
    op.create_table('lesson_progress',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('module_key', sa.String(length=120), nullable=False),
    sa.Column('lesson_key', sa.String(length=120), nullable=False),
    sa.Column('paragraph', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_lesson_progress_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'module_key', 'lesson_key', name=op.f('pk_lesson_progress'))
    )
    op.create_table('link_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_link_request_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link_request'))
    )
    with op.batch_alter_table('link_request', schema=None) as batch_op:
        batch_op.create_index('uq_link_request_one_open', ['person_id'], unique=True, sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))

    op.create_table('mastery',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('calibration_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.String(length=20), nullable=False),
    sa.Column('skill_key', sa.String(length=120), nullable=False),
    sa.Column('al', sa.Double(), nullable=False),
    sa.Column('be', sa.Double(), nullable=False),
    sa.Column('c', sa.Double(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('day', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['calibration_id'], ['calibration.id'], name=op.f('fk_mastery_calibration_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mastery_person_id')),
    sa.ForeignKeyConstraint(['skill_key'], ['skill.key'], name=op.f('fk_mastery_skill_key')),
    sa.PrimaryKeyConstraint('person_id', 'calibration_id', 'line', 'skill_key', name=op.f('pk_mastery'))
    )
    op.create_table('mastery_month',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('calibration_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.String(length=20), nullable=False),
    sa.Column('skill_key', sa.String(length=120), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('mean', sa.Double(), nullable=False),
    sa.Column('var', sa.Double(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['calibration_id'], ['calibration.id'], name=op.f('fk_mastery_month_calibration_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mastery_month_person_id')),
    sa.ForeignKeyConstraint(['skill_key'], ['skill.key'], name=op.f('fk_mastery_month_skill_key')),
    sa.PrimaryKeyConstraint('person_id', 'calibration_id', 'line', 'skill_key', 'month', name=op.f('pk_mastery_month'))
    )
    op.create_table('module_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.String(length=120), nullable=False),
    sa.Column('files', sa.LargeBinary(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('origin', sa.String(length=120), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['published_by_id'], ['person.id'], name=op.f('fk_module_version_published_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_module_version')),
    sa.UniqueConstraint('key', 'number', name=op.f('uq_module_version_key_number'))
    )
    op.create_table('observation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('observer_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('shared', sa.Text(), nullable=False),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('receipt', sa.String(length=120), nullable=False),
    sa.CheckConstraint('observer_id <> person_id', name=op.f('ck_observation_not_oneself')),
    sa.ForeignKeyConstraint(['observer_id'], ['person.id'], name=op.f('fk_observation_observer_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_observation_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_observation')),
    sa.UniqueConstraint('receipt', name=op.f('uq_observation_receipt'))
    )
    with op.batch_alter_table('observation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_observation_observer_id'), ['observer_id'], unique=False)
        batch_op.create_index('ix_observation_person_seen', ['person_id', 'seen_at'], unique=False)
        batch_op.create_index('ix_observation_seen', ['seen_at'], unique=False)

    op.create_table('part_done',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('module_key', sa.String(length=120), nullable=False),
    sa.Column('part', sa.String(length=120), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_part_done_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'module_key', 'part', name=op.f('pk_part_done'))
    )
    op.create_table('photo',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_photo_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_photo'))
    )
    op.create_table('rating',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('instrument', sa.String(length=20), nullable=False),
    sa.Column('question', sa.String(length=120), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('system', sa.String(length=40), nullable=False),
    sa.Column('external_id', sa.String(length=120), nullable=False),
    sa.CheckConstraint('value BETWEEN 1 AND 7', name=op.f('ck_rating_value')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_rating_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rating'))
    )
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.create_index('ix_rating_given', ['given_at'], unique=False)
        batch_op.create_index('ix_rating_person_given', ['person_id', 'given_at'], unique=False)
        batch_op.create_index('uq_rating_known_by', ['system', 'external_id'], unique=True)

    op.create_table('reporting_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('supervisor_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('person_id <> supervisor_id', name=op.f('ck_reporting_line_not_oneself')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reporting_line_person_id')),
    sa.ForeignKeyConstraint(['supervisor_id'], ['person.id'], name=op.f('fk_reporting_line_supervisor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reporting_line'))
    )
    with op.batch_alter_table('reporting_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reporting_line_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reporting_line_supervisor_id'), ['supervisor_id'], unique=False)
        batch_op.create_index('uq_reporting_line_one_direct', ['person_id'], unique=True, sqlite_where=sa.text("kind = 'direct' AND until IS NULL"), postgresql_where=sa.text("kind = 'direct' AND until IS NULL"))

    op.create_table('review_card',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=200), nullable=False),
    sa.Column('skill_key', sa.String(length=120), nullable=False),
    sa.Column('stability', sa.Float(), nullable=False),
    sa.Column('difficulty', sa.Float(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('surely_wrong', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_review_card_person_id')),
    sa.ForeignKeyConstraint(['skill_key'], ['skill.key'], name=op.f('fk_review_card_skill_key')),
    sa.PrimaryKeyConstraint('person_id', 'item', name=op.f('pk_review_card'))
    )
    with op.batch_alter_table('review_card', schema=None) as batch_op:
        batch_op.create_index('ix_review_card_due', ['person_id', 'due_on', 'skill_key'], unique=False)

    op.create_table('review_log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('receipt', sa.String(length=250), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('confidence', sa.String(length=10), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_review_log_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_log')),
    sa.UniqueConstraint('receipt', name=op.f('uq_review_log_receipt'))
    )
    with op.batch_alter_table('review_log', schema=None) as batch_op:
        batch_op.create_index('ix_review_log_person_item', ['person_id', 'item', 'answered_on'], unique=False)

    op.create_table('review_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('story', sa.String(length=120), nullable=True),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('skipped_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_review_set_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_set')),
    sa.UniqueConstraint('person_id', 'day', name=op.f('uq_review_set_person_id_day'))
    )
    op.create_table('role_held',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_held_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'role', name=op.f('pk_role_held'))
    )
    op.create_table('sign_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(length=120), nullable=False),
    sa.Column('remembered', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('digest', name=op.f('uq_sign_in_digest'))
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_person_id'), ['person_id'], unique=False)

    op.create_table('standing',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('calibration_id', sa.Integer(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('newest_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('newest_id', sa.Integer(), nullable=False),
    sa.Column('abilities', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['calibration_id'], ['calibration.id'], name=op.f('fk_standing_calibration_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_standing_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'calibration_id', name=op.f('pk_standing'))
    )
    with op.batch_alter_table('standing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standing_calibration_id'), ['calibration_id'], unique=False)

    op.create_table('stay',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_stay_person_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_stay_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stay'))
    )
    with op.batch_alter_table('stay', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stay_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stay_team_id'), ['team_id'], unique=False)

    op.create_table('suggestion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('idea', sa.Text(), nullable=False),
    sa.Column('responder_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('decision', sa.String(length=20), nullable=True),
    sa.Column('reply', sa.Text(), nullable=True),
    sa.Column('effect', sa.Text(), nullable=True),
    sa.Column('receipt', sa.String(length=120), nullable=False),
    sa.CheckConstraint('(answered_at IS NULL) = (decision IS NULL)', name=op.f('ck_suggestion_decided_when_answered')),
    sa.CheckConstraint('author_id <> responder_id', name=op.f('ck_suggestion_not_oneself')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_suggestion_answered_by_id')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_suggestion_author_id')),
    sa.ForeignKeyConstraint(['responder_id'], ['person.id'], name=op.f('fk_suggestion_responder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion')),
    sa.UniqueConstraint('receipt', name=op.f('uq_suggestion_receipt'))
    )
    with op.batch_alter_table('suggestion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_suggestion_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_suggestion_responder_id'), ['responder_id'], unique=False)

    op.create_table('check_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('module_key', sa.String(length=120), nullable=False),
    sa.Column('lesson_key', sa.String(length=120), nullable=False),
    sa.Column('check_id', sa.String(length=120), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_check_answer_person_id')),
    sa.ForeignKeyConstraint(['version_id'], ['module_version.id'], name=op.f('fk_check_answer_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_answer')),
    sa.UniqueConstraint('person_id', 'module_key', 'lesson_key', 'check_id', 'version_id', name=op.f('uq_check_answer_person_id_module_key_lesson_key_check_id_version_id'))
    )
    op.create_table('observation_line',
    sa.Column('observation_id', sa.Integer(), nullable=False),
    sa.Column('skill_key', sa.String(length=120), nullable=False),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('critical', sa.String(length=120), nullable=True),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_observation_line_level')),
    sa.ForeignKeyConstraint(['observation_id'], ['observation.id'], name=op.f('fk_observation_line_observation_id')),
    sa.ForeignKeyConstraint(['skill_key'], ['skill.key'], name=op.f('fk_observation_line_skill_key')),
    sa.PrimaryKeyConstraint('observation_id', 'skill_key', name=op.f('pk_observation_line'))
    )
    op.create_table('quiz_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('module_key', sa.String(length=120), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('allowed', sa.Integer(), nullable=True),
    sa.Column('seed', sa.String(length=32), nullable=False),
    sa.Column('drawn', sa.JSON(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deadline_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('score', sa.Float(), nullable=True),
    sa.Column('passed', sa.Boolean(), nullable=True),
    sa.CheckConstraint('allowed IS NULL OR number <= allowed', name=op.f('ck_quiz_attempt_not_more_than_allowed')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_quiz_attempt_person_id')),
    sa.ForeignKeyConstraint(['version_id'], ['module_version.id'], name=op.f('fk_quiz_attempt_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiz_attempt')),
    sa.UniqueConstraint('person_id', 'module_key', 'number', name=op.f('uq_quiz_attempt_person_id_module_key_number'))
    )
    with op.batch_alter_table('quiz_attempt', schema=None) as batch_op:
        batch_op.create_index('uq_quiz_attempt_one_open', ['person_id', 'module_key'], unique=True, sqlite_where=sa.text('handed_in_at IS NULL'), postgresql_where=sa.text('handed_in_at IS NULL'))

    op.create_table('role_play_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('story', sa.String(length=120), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ending', sa.String(length=120), nullable=True),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('criticals', sa.Integer(), nullable=False),
    sa.Column('hard', sa.Boolean(), nullable=False),
    sa.Column('replay_of', sa.Integer(), nullable=True),
    sa.Column('replay_from', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_play_run_person_id')),
    sa.ForeignKeyConstraint(['replay_of'], ['role_play_run.id'], name=op.f('fk_role_play_run_replay_of')),
    sa.ForeignKeyConstraint(['version_id'], ['module_version.id'], name=op.f('fk_role_play_run_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_play_run')),
    sa.UniqueConstraint('person_id', 'key', name=op.f('uq_role_play_run_person_id_key'))
    )
    with op.batch_alter_table('role_play_run', schema=None) as batch_op:
        batch_op.create_index('ix_role_play_run_person_story', ['person_id', 'story', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_role_play_run_replay_of'), ['replay_of'], unique=False)
        batch_op.create_index(batch_op.f('ix_role_play_run_version_id'), ['version_id'], unique=False)

    op.create_table('quiz_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=120), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.Column('confidence', sa.String(length=10), nullable=True),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['quiz_attempt.id'], name=op.f('fk_quiz_answer_attempt_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiz_answer')),
    sa.UniqueConstraint('attempt_id', 'question_id', name=op.f('uq_quiz_answer_attempt_id_question_id'))
    )
    op.create_table('role_play_move',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('scene', sa.String(length=120), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('copied', sa.Boolean(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['role_play_run.id'], name=op.f('fk_role_play_move_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_play_move')),
    sa.UniqueConstraint('run_id', 'key', name=op.f('uq_role_play_move_run_id_key')),
    sa.UniqueConstraint('run_id', 'seq', name=op.f('uq_role_play_move_run_id_seq'))
    )
    if dialect != 'sqlite':
        op.create_foreign_key(op.f('fk_team_supervisor_id'), 'team', 'person', ['supervisor_id'], ['id'])
    op.execute(SHUT)
    for statement in TRIGGERS[dialect]:
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in DROPPED[dialect]:
        op.execute(statement)
    if dialect != 'sqlite':
        op.drop_constraint(op.f('fk_team_supervisor_id'), 'team', type_='foreignkey')
    op.drop_table('role_play_move')
    op.drop_table('quiz_answer')
    with op.batch_alter_table('role_play_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_role_play_run_version_id'))
        batch_op.drop_index(batch_op.f('ix_role_play_run_replay_of'))
        batch_op.drop_index('ix_role_play_run_person_story')

    op.drop_table('role_play_run')
    with op.batch_alter_table('quiz_attempt', schema=None) as batch_op:
        batch_op.drop_index('uq_quiz_attempt_one_open', sqlite_where=sa.text('handed_in_at IS NULL'), postgresql_where=sa.text('handed_in_at IS NULL'))

    op.drop_table('quiz_attempt')
    op.drop_table('observation_line')
    op.drop_table('check_answer')
    with op.batch_alter_table('suggestion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_suggestion_responder_id'))
        batch_op.drop_index(batch_op.f('ix_suggestion_author_id'))

    op.drop_table('suggestion')
    with op.batch_alter_table('stay', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stay_team_id'))
        batch_op.drop_index(batch_op.f('ix_stay_person_id'))

    op.drop_table('stay')
    with op.batch_alter_table('standing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_standing_calibration_id'))

    op.drop_table('standing')
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_person_id'))

    op.drop_table('sign_in')
    op.drop_table('role_held')
    op.drop_table('review_set')
    with op.batch_alter_table('review_log', schema=None) as batch_op:
        batch_op.drop_index('ix_review_log_person_item')

    op.drop_table('review_log')
    with op.batch_alter_table('review_card', schema=None) as batch_op:
        batch_op.drop_index('ix_review_card_due')

    op.drop_table('review_card')
    with op.batch_alter_table('reporting_line', schema=None) as batch_op:
        batch_op.drop_index('uq_reporting_line_one_direct', sqlite_where=sa.text("kind = 'direct' AND until IS NULL"), postgresql_where=sa.text("kind = 'direct' AND until IS NULL"))
        batch_op.drop_index(batch_op.f('ix_reporting_line_supervisor_id'))
        batch_op.drop_index(batch_op.f('ix_reporting_line_person_id'))

    op.drop_table('reporting_line')
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.drop_index('uq_rating_known_by')
        batch_op.drop_index('ix_rating_person_given')
        batch_op.drop_index('ix_rating_given')

    op.drop_table('rating')
    op.drop_table('photo')
    op.drop_table('part_done')
    with op.batch_alter_table('observation', schema=None) as batch_op:
        batch_op.drop_index('ix_observation_seen')
        batch_op.drop_index('ix_observation_person_seen')
        batch_op.drop_index(batch_op.f('ix_observation_observer_id'))

    op.drop_table('observation')
    op.drop_table('module_version')
    op.drop_table('mastery_month')
    op.drop_table('mastery')
    with op.batch_alter_table('link_request', schema=None) as batch_op:
        batch_op.drop_index('uq_link_request_one_open', sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))

    op.drop_table('link_request')
    op.drop_table('lesson_progress')
    op.drop_table('lesson_note')
    op.drop_table('item_memory')
    with op.batch_alter_table('expectation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_expectation_team_id'))
        batch_op.drop_index('ix_expectation_person_skill')
        batch_op.drop_index(batch_op.f('ix_expectation_person_id'))

    op.drop_table('expectation')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index('ix_evidence_in_order')
        batch_op.drop_index('ix_evidence_actor')

    op.drop_table('evidence')
    with op.batch_alter_table('duty_shift', schema=None) as batch_op:
        batch_op.drop_index('uq_duty_shift_one_begins')
        batch_op.drop_index(batch_op.f('ix_duty_shift_person_id'))
        batch_op.drop_index('ix_duty_shift_ends')

    op.drop_table('duty_shift')
    with op.batch_alter_table('correction_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_correction_request_person_id'))

    op.drop_table('correction_request')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index('uq_assignment_given_once')
        batch_op.drop_index('ix_assignment_person_module')
        batch_op.drop_index('ix_assignment_open', sqlite_where=sa.text('excused_at IS NULL'), postgresql_where=sa.text('excused_at IS NULL'))

    op.drop_table('assignment')
    with op.batch_alter_table('access_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_link_person_id'))

    op.drop_table('access_link')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_team_id'))
        batch_op.drop_index(batch_op.f('ix_person_name_sort'))

    op.drop_table('person')
    op.drop_table('anchor')
    with op.batch_alter_table('team', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_team_unit_id'))
        batch_op.drop_index(batch_op.f('ix_team_supervisor_id'))

    op.drop_table('team')
    with op.batch_alter_table('skill', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_skill_family_key'))

    op.drop_table('skill')
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_unit_parent_id'))

    op.drop_table('unit')
    op.drop_table('throttle')
    op.drop_table('term')
    op.drop_table('policy_card')
    op.drop_table('job_run')
    op.drop_table('family')
    op.drop_table('evidence_door')
    with op.batch_alter_table('calibration', schema=None) as batch_op:
        batch_op.drop_index('uq_calibration_one_folding', sqlite_where=sa.text("state = 'folding'"), postgresql_where=sa.text("state = 'folding'"))
        batch_op.drop_index('uq_calibration_one_current', sqlite_where=sa.text("state = 'current'"), postgresql_where=sa.text("state = 'current'"))

    op.drop_table('calibration')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entry_subject'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_at'))

    op.drop_table('audit_entry')
