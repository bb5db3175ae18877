"""Answers that agents are writing."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('drafts',
    sa.Column('agent_id', ID, nullable=False),
    sa.Column('ticket_id', ID, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_drafts_agent_id_agents'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_drafts_ticket_id_tickets'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('agent_id', 'ticket_id', name=op.f('pk_drafts'))
    )
    op.create_index(op.f('ix_drafts_ticket_id'), 'drafts', ['ticket_id'], unique=False)


def downgrade() -> None:
    op.drop_table('drafts')
