"""Ready answers of the console; tags and quality of requests."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('ready_answers',
    sa.Column('id', ID, nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ready_answers')),
    sa.UniqueConstraint('title', name=op.f('uq_ready_answers_title'))
    )
    op.create_table('ticket_tags',
    sa.Column('ticket_id', ID, nullable=False),
    sa.Column('tag', sa.String(length=30), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_tags_ticket_id_tickets'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_id', 'tag', name=op.f('pk_ticket_tags'))
    )
    op.create_index(op.f('ix_ticket_tags_tag'), 'ticket_tags', ['tag'], unique=False)
    op.create_table('ticket_quality',
    sa.Column('ticket_id', ID, nullable=False),
    sa.Column('label', sa.String(length=12), nullable=False),
    sa.Column('agent_id', ID, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_ticket_quality_agent_id_agents')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_quality_ticket_id_tickets'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_ticket_quality'))
    )


def downgrade() -> None:
    op.drop_table('ticket_quality')
    op.drop_table('ticket_tags')
    op.drop_table('ready_answers')
