"""Accounts: invitations, links, a second factor; what is done to them."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('agents') as agents:
        agents.add_column(sa.Column('second_factor', sa.String(length=120), server_default='', nullable=False))
        agents.add_column(sa.Column('last_code', sa.BigInteger(), server_default='0', nullable=False))
    with op.batch_alter_table('console_sessions') as sessions:
        sessions.add_column(sa.Column('label', sa.String(length=60), server_default='', nullable=False))
    op.create_table('agent_codes',
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('agent_id', ID, nullable=False),
    sa.Column('purpose', sa.String(length=10), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_agent_codes_agent_id_agents'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('code_hash', name=op.f('pk_agent_codes'))
    )
    op.create_table('audit_log',
    sa.Column('id', ID, nullable=False),
    sa.Column('agent_id', ID, nullable=True),
    sa.Column('action', sa.String(length=30), nullable=False),
    sa.Column('subject', sa.String(length=120), server_default='', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agent_id'], ['agents.id'], name=op.f('fk_audit_log_agent_id_agents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_log'))
    )
    op.create_index(op.f('ix_audit_log_at'), 'audit_log', ['at'], unique=False)


def downgrade() -> None:
    op.drop_table('audit_log')
    op.drop_table('agent_codes')
    with op.batch_alter_table('console_sessions') as sessions:
        sessions.drop_column('label')
    with op.batch_alter_table('agents') as agents:
        agents.drop_column('last_code')
        agents.drop_column('second_factor')
