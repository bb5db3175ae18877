"""The page's tables, on the operational database's ``metadata``."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import Moment, metadata, person_key, row_id

web_sites = sa.Table(
    "web_sites",
    metadata,
    sa.Column("name", sa.String(30), primary_key=True),
    sa.Column("title", sa.String(80), nullable=False),
    # Origins whose pages may hold the button: ``["https://www.metz.fr"]``.
    sa.Column("origins", sa.JSON, nullable=False),
    # Where places are looked for when nobody says where, in words that are read as a place.
    sa.Column("territory", sa.String(80), nullable=False, server_default=""),
    # OSM hours of the site's own helpdesk; empty: the installation's.
    sa.Column("helpdesk_hours", sa.String(200), nullable=False, server_default=""),
    sa.Column("created_at", Moment, nullable=False),
)

# What a person's page shows, in order of id, for a day: an answer that came while the page was
# closed is there when it opens again.
web_messages = sa.Table(
    "web_messages",
    metadata,
    row_id(),
    # None: what is said to someone who has just been erased.
    person_key(nullable=True),
    sa.Column("address", sa.String(100), nullable=False),
    # ``person`` or ``assistant``.
    sa.Column("author", sa.String(10), nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Index("ix_web_messages_page", "address", "id"),
    # The number of an erased message is never given to another: pages know theirs by it.
    sqlite_autoincrement=True,
)

# A site's own figures: counts only, nothing in it can be traced to anyone.
web_figures = sa.Table(
    "web_figures",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("site", sa.String(30), primary_key=True),
    sa.Column("measure", sa.String(20), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
