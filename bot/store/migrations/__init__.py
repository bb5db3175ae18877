"""Alembic migrations of the operational database, run at start by ``bot.store.migrate``."""
