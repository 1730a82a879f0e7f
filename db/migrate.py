"""Brings a database to the newest schema, once, however many processes start together.

MigrationFailed: the lock or the database was not there in time, or a migration was refused.
"""

import asyncio
import contextvars
import logging
import os
from pathlib import Path

import asyncpg
from aerich import Command
from tortoise.exceptions import BaseORMException, OperationalError

from db.aerich import APP, LOCATION, tortoise_config
from db.pool import DATABASE_ERRORS
from db.url import database_settings

log = logging.getLogger(__name__)

LOCK_NAME = "vigilante_migrate"
APPLIED_TABLE = "aerich"
TIMEOUT_SECONDS = 120.0


class MigrationFailed(Exception):
    """The schema is not the one that this version needs."""


async def migrate(dsn: str, timeout_seconds: float = TIMEOUT_SECONDS) -> list[str]:
    """Apply what is missing and return its file names; an empty list when nothing was.

    A second process waits for the first. The connection must be direct: a session lock does not
    pass a transaction pooler. Raises MigrationFailed; each migration is whole or not there.
    """
    try:
        async with asyncio.timeout(timeout_seconds):
            return await _migrate_alone(dsn)
    except (*DATABASE_ERRORS, BaseORMException) as error:
        raise MigrationFailed(str(error) or type(error).__name__) from error


async def _migrate_alone(dsn: str) -> list[str]:
    settings = database_settings(dsn, environ=os.environ)
    connection = await asyncpg.connect(**settings.connect_arguments(), timeout=10)
    try:
        await connection.execute("SELECT pg_advisory_lock(hashtext($1))", LOCK_NAME)
        # An own context: tortoise leaves its closed connections behind in the one it ran in.
        applied = await asyncio.create_task(_upgrade(dsn), context=contextvars.Context())
    finally:
        connection.terminate()
    for name in applied:
        log.info("migration applied: %s", name)
    return applied


async def _upgrade(dsn: str) -> list[str]:
    async with Command(tortoise_config(dsn), app=APP, location=LOCATION) as command:
        return await command.upgrade(run_in_transaction=True)


async def pending(dsn: str, timeout_seconds: float = 20.0) -> list[str]:
    """Return the file names of the migrations that are not applied yet. Raises MigrationFailed."""
    try:
        async with asyncio.timeout(timeout_seconds):
            return await asyncio.create_task(_heads(dsn), context=contextvars.Context())
    except (*DATABASE_ERRORS, BaseORMException) as error:
        raise MigrationFailed(str(error) or type(error).__name__) from error


async def _heads(dsn: str) -> list[str]:
    async with Command(tortoise_config(dsn), app=APP, location=LOCATION) as command:
        try:
            return await command.heads()
        except OperationalError as error:
            if APPLIED_TABLE not in str(error):
                raise
            return sorted(path.name for path in (Path(LOCATION) / APP).glob("[0-9]*.py"))
