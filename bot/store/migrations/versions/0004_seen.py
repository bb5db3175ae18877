"""Messages that were seen (edits, albums); chats that moved; persons who are refused."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('seen_messages',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('message_id', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'],
        name=op.f('fk_seen_messages_person_id_persons'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'message_id', name=op.f('pk_seen_messages'))
    )
    op.create_index(op.f('ix_seen_messages_at'), 'seen_messages', ['at'], unique=False)
    op.create_table('moved_chats',
    sa.Column('old', sa.BigInteger(), nullable=False, autoincrement=False),
    sa.Column('new', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('old', name=op.f('pk_moved_chats'))
    )
    op.create_table('blocked',
    sa.Column('pseudonym', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('pseudonym', name=op.f('pk_blocked'))
    )


def downgrade() -> None:
    op.drop_table('blocked')
    op.drop_table('moved_chats')
    op.drop_table('seen_messages')
