from __future__ import annotations

import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import bot.helpdesk.tables  # they belong to the same database
import bot.web.tables  # noqa: F401
from bot.store import SchemaError, migrate, open_engine
from bot.store.tables import metadata


def test_migrations_make_what_the_tables_declare(engine: sa.Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(engine: sa.Engine) -> None:
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO erasures VALUES ('p', '2026-01-01')"))
    migrate(engine)
    with engine.begin() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM erasures")).scalar() == 1


def test_downgrading_leaves_nothing_and_upgrading_again_works(engine: sa.Engine) -> None:
    from alembic import command

    from bot.store.engine import migration_config

    migrate(engine)
    config = migration_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    migrate(engine)
    assert "persons" in sa.inspect(engine).get_table_names()


def test_a_failing_migration_leaves_nothing_half_made(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_config: object, _revision: str) -> None:
        raise RuntimeError("the machine stops here")

    from alembic import command

    upgrade = command.upgrade

    def upgrade_then_fail(config: object, revision: str) -> None:
        upgrade(config, revision)  # type: ignore[arg-type]
        fail(config, revision)

    monkeypatch.setattr(command, "upgrade", upgrade_then_fail)
    with pytest.raises(RuntimeError):
        migrate(engine)
    assert sa.inspect(engine).get_table_names() == []


def test_two_processes_may_migrate_at_once(database_url: str) -> None:
    script = "import sys; from bot.store import Store; Store.open(sys.argv[1]).close()"
    started = [
        subprocess.Popen([sys.executable, "-c", script, database_url], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    engine = open_engine(database_url)
    assert "persons" in sa.inspect(engine).get_table_names()
    engine.dispose()


def test_a_database_from_a_later_version_is_refused_and_left_alone(engine: sa.Engine) -> None:
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="plus récente"):
        migrate(engine)
    with engine.begin() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == (
            "9999"
        )
