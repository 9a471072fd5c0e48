"""What the pages of a supervisor ask of everybody in her line is read off indexes alone

Revision: 0021, after 0020.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_part_done_person_last", "part_done", "last_at"),
    ("ix_role_play_run_person_finished", "role_play_run", "finished_at"),
    ("ix_review_set_person_finished", "review_set", "finished_at"),
)


def upgrade() -> None:
    """Three indexes more."""
    for name, table, column in _INDEXES:
        op.create_index(name, table, ["person_id", column])


def downgrade() -> None:
    """The same without them."""
    for name, table, _column in _INDEXES:
        op.drop_index(name, table_name=table)
