"""The schema is what the list says, whoever migrates, however many at once."""

import asyncio
import contextvars
import sys

import asyncpg
import pytest
from aerich import Command
from tortoise.fields import DecimalField
from tortoise.models import Model

from db import models
from db.aerich import APP, LOCATION, tortoise_config
from db.migrate import MigrationFailed, migrate
from tests.db import catalog

_TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"

_DOMAINS = """
SELECT domain_name::text FROM information_schema.domains WHERE domain_schema = 'public'
"""

_FUNCTIONS = """
SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""

_CONSTRAINTS = """
SELECT conname, confdeltype::text AS on_delete FROM pg_constraint c
JOIN pg_namespace n ON n.oid = c.connamespace
WHERE n.nspname = 'public' AND contype = $1::text::"char"
"""

_INDEXES = """
SELECT i.relname AS name, pg_get_expr(x.indpred, x.indrelid) AS condition, x.indisunique
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE n.nspname = 'public'
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = x.indexrelid
        AND c.contype IN ('p', 'u'))
"""

_TRIGGERS = """
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal
"""

_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable = 'YES' AS is_nullable, domain_name,
    character_maximum_length AS length
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'aerich'
"""


async def _names(connection: asyncpg.Connection, query: str, *arguments: str) -> set[str]:
    return {row[0] for row in await connection.fetch(query, *arguments)}


async def test_the_catalog_is_the_list(connection):
    assert await _names(connection, _TABLES) == catalog.TABLES
    assert await _names(connection, _DOMAINS) == catalog.DOMAINS
    assert await _names(connection, _FUNCTIONS) == catalog.FUNCTIONS
    triggers = {tuple(row) for row in await connection.fetch(_TRIGGERS)}
    assert triggers == catalog.TRIGGERS


async def test_the_constraints_are_the_list(connection):
    assert await _names(connection, _CONSTRAINTS, "c") == catalog.CHECKS
    assert await _names(connection, _CONSTRAINTS, "u") == catalog.UNIQUES
    keys = {row[0]: row[1] for row in await connection.fetch(_CONSTRAINTS, "f")}
    assert keys == catalog.FOREIGN_KEYS
    primary = await _names(connection, _CONSTRAINTS, "p")
    assert primary == {f"{table}_pkey" for table in catalog.TABLES}


async def test_the_indexes_are_the_list(connection):
    rows = await connection.fetch(_INDEXES)
    assert {row["name"]: row["condition"] for row in rows} == catalog.INDEXES
    assert {row["name"] for row in rows if row["indisunique"]} == catalog.UNIQUE_INDEXES


async def test_the_models_tell_the_truth_about_the_tables(connection):
    found = {
        (row["table_name"], row["column_name"]): row for row in await connection.fetch(_COLUMNS)
    }
    told: set[tuple[str, str]] = set()
    for name in models.__all__:
        model: type[Model] = getattr(models, name)
        meta = model._meta
        for field_name, column in meta.fields_db_projection.items():
            field, row = meta.fields_map[field_name], found[(meta.db_table, column)]
            told.add((meta.db_table, column))
            assert row["is_nullable"] == field.null, (name, column)
            assert (row["domain_name"] is not None) == isinstance(field, DecimalField), column
            assert row["length"] == getattr(field, "max_length", None), (name, column)
    assert told == found.keys()


async def test_aerich_finds_nothing_that_the_migrations_lack(dsn):
    async def difference() -> str | None:
        async with Command(tortoise_config(dsn), app=APP, location=LOCATION) as command:
            return await command.migrate(name="nothing")

    found = await asyncio.create_task(difference(), context=contextvars.Context())
    assert not found


async def test_migrating_again_changes_nothing(dsn):
    assert await migrate(dsn) == []


async def test_the_migrations_can_be_undone_and_done_again(dsn):
    async def undo() -> None:
        async with Command(tortoise_config(dsn), app=APP, location=LOCATION) as command:
            while await command.heads() == []:
                await command.downgrade(version=0, delete=False)

    connection = await asyncpg.connect(dsn)
    try:
        await asyncio.create_task(undo(), context=contextvars.Context())
        assert await _names(connection, _TABLES) == {"aerich"}
        assert len(await migrate(dsn)) == 7
        assert await _names(connection, _TABLES) == catalog.TABLES
    finally:
        await connection.close()


async def test_of_processes_that_start_together_one_migrates(pg):
    await pg.run('CREATE DATABASE "together"')
    code = "import asyncio, sys, db.migrate as m; print(asyncio.run(m.migrate(sys.argv[1])))"
    try:
        processes = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", code, pg.dsn("together"), stdout=asyncio.subprocess.PIPE
            )
            for _ in range(3)
        ]
        async with asyncio.timeout(60):
            answers = [(await process.communicate())[0].decode() for process in processes]
        assert sorted(answer.strip() == "[]" for answer in answers) == [False, True, True]
        assert [process.returncode for process in processes] == [0, 0, 0]
    finally:
        await pg.drop("together")


async def test_a_lock_that_is_never_free_is_a_clear_failure(dsn):
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock(hashtext('vigilante_migrate'))")
        with pytest.raises(MigrationFailed):
            await migrate(dsn, timeout_seconds=0.3)
    finally:
        await connection.close()


async def test_a_database_that_is_away_is_a_clear_failure(tmp_path):
    with pytest.raises(MigrationFailed):
        await migrate(f"postgresql://postgres@/x?host={tmp_path}")
