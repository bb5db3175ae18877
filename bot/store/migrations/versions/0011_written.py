"""The language that a person writes."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('persons', sa.Column('written', sa.String(length=2), server_default='', nullable=False))


def downgrade() -> None:
    op.drop_column('persons', 'written')
