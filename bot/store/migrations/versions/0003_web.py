"""The page: sites, what pages show, a site's figures; channels that are closed."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('closed_channels',
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('channel', name=op.f('pk_closed_channels'))
    )
    op.create_table('web_sites',
    sa.Column('name', sa.String(length=30), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('origins', sa.JSON(), nullable=False),
    sa.Column('territory', sa.String(length=80), server_default='', nullable=False),
    sa.Column('helpdesk_hours', sa.String(length=200), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_web_sites'))
    )
    op.create_table('web_messages',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('address', sa.String(length=100), nullable=False),
    sa.Column('author', sa.String(length=10), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'],
        name=op.f('fk_web_messages_person_id_persons'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_web_messages')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_web_messages_person_id'), 'web_messages', ['person_id'], unique=False)
    op.create_index(op.f('ix_web_messages_at'), 'web_messages', ['at'], unique=False)
    op.create_index('ix_web_messages_page', 'web_messages', ['address', 'id'], unique=False)
    op.create_table('web_figures',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('site', sa.String(length=30), nullable=False),
    sa.Column('measure', sa.String(length=20), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'site', 'measure', name=op.f('pk_web_figures'))
    )


def downgrade() -> None:
    op.drop_table('web_figures')
    op.drop_table('web_messages')
    op.drop_table('web_sites')
    op.drop_table('closed_channels')
