"""Writes all rows of the database into one file, and reads such a file into an empty database.

Needs no Postgres program on the machine. It never overwrites: neither a file nor a row.

BackupError
    `code` is `backup.exists`, `.not_a_backup`, `.format`, `.damaged`, `.not_migrated`,
    `.migration`, `.not_empty` or `.tables`; `placeholders` hold what the sentence needs.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import IO, Any

import asyncpg
from msgspec import DecodeError, Struct, field
from msgspec import json as msgjson

from db.url import database_settings

FORMAT = 1
_CONNECT_SECONDS = 15
_STATEMENT_SECONDS = 60.0
_COPY_SECONDS = 3600.0
_CHUNK_BYTES = 1 << 16
_VERSIONS = "aerich"

_TABLES = """
SELECT c.relname AS name,
       array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname
"""
_REFERENCES = """
SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent
FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid
"""
_SEQUENCES = """
SELECT sequencename AS name, last_value FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY sequencename
"""


class BackupError(Exception):
    """Nothing was written or restored; `code` and `placeholders` say why."""

    def __init__(self, code: str, **placeholders: str | int) -> None:
        """Keep what the sentence at the edge will need."""
        super().__init__(code, placeholders)
        self.code = code
        self.placeholders = placeholders

    def __str__(self) -> str:
        """Return the code and its placeholders on one line."""
        said = " ".join(f"{name}={value}" for name, value in self.placeholders.items())
        return f"{self.code} {said}".rstrip()


class TableEntry(Struct, frozen=True):
    """One table of a backup; `sha256` is of its rows in COPY's text format."""

    columns: list[str]
    rows: int
    sha256: str


class Manifest(Struct, frozen=True):
    """What a backup holds, at which migration, and when by the database's clock."""

    format: int
    made_at: str
    migration: str
    tables: dict[str, TableEntry]
    sequences: dict[str, int] = field(default_factory=dict)


async def backup(dsn: str, path: Path) -> Manifest:
    """Write every row of one instant to `path`, readable by its owner alone.

    The file appears whole or not at all. Raises `BackupError`.
    """
    _refuse_existing(path)
    half = path.with_name(f"{path.name}.part")
    half.unlink(missing_ok=True)
    try:
        async with _connected(dsn) as connection:
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                manifest = await _write(connection, file)
                file.flush()
                os.fsync(file.fileno())
        half.rename(path)
    finally:
        half.unlink(missing_ok=True)
    return manifest


async def restore(dsn: str, path: Path) -> Manifest:
    """Read `path` into a database that is migrated to the same version and has no rows yet.

    All of it or nothing, in one transaction. Raises `BackupError`.
    """
    with _opened(path) as archive:
        manifest = _checked_manifest(archive, path)
        async with _connected(dsn) as connection, connection.transaction():
            await _check_target(connection, manifest)
            await _read(connection, archive, manifest)
    return manifest


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise BackupError("backup.exists", path=str(path))


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    arguments = database_settings(dsn, environ=os.environ).connect_arguments()
    arguments["server_settings"] = {"timezone": "UTC", "datestyle": "ISO"}
    connection = await asyncpg.connect(
        **arguments, timeout=_CONNECT_SECONDS, command_timeout=_STATEMENT_SECONDS
    )
    try:
        yield connection
    finally:
        connection.terminate()


async def _write(connection: asyncpg.Connection, file: IO[bytes]) -> Manifest:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            columns = await _columns(connection)
            manifest = Manifest(
                format=FORMAT,
                made_at=str(await connection.fetchval("SELECT now()")),
                migration=await _migration(connection, columns),
                tables={
                    name: await _copy_out(connection, archive, name, columns[name])
                    for name in columns
                },
                # Read last: a sequence knows no snapshot, and must not be behind the rows.
                sequences={
                    row["name"]: row["last_value"] for row in await connection.fetch(_SEQUENCES)
                },
            )
        text = json.dumps(msgjson.decode(msgjson.encode(manifest)), indent=2)
        archive.writestr("manifest.json", text)
    return manifest


async def _copy_out(
    connection: asyncpg.Connection, archive: zipfile.ZipFile, table: str, columns: list[str]
) -> TableEntry:
    digest = hashlib.sha256()
    with archive.open(_member(table), "w", force_zip64=True) as rows:

        async def write(data: bytes) -> None:
            digest.update(data)
            rows.write(data)

        status = await connection.copy_from_table(
            table, columns=columns, output=write, format="text", timeout=_COPY_SECONDS
        )
    return TableEntry(columns, _count(status), digest.hexdigest())


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise BackupError("backup.not_a_backup", path=str(path)) from error


def _checked_manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """Return the manifest after every table's rows were read once against their hash."""
    try:
        manifest = msgjson.decode(archive.read("manifest.json"), type=Manifest)
    except (KeyError, DecodeError, zipfile.BadZipFile) as error:
        raise BackupError("backup.not_a_backup", path=str(path)) from error
    if manifest.format != FORMAT:
        raise BackupError("backup.format", path=str(path), found=manifest.format, wanted=FORMAT)
    for name, table in manifest.tables.items():
        digest = hashlib.sha256()
        for chunk in _chunks(archive, name, path):
            digest.update(chunk)
        if digest.hexdigest() != table.sha256:
            raise BackupError("backup.damaged", path=str(path), part=name)
    return manifest


def _chunks(archive: zipfile.ZipFile, table: str, path: Path) -> Iterator[bytes]:
    try:
        with archive.open(_member(table)) as rows:
            while chunk := rows.read(_CHUNK_BYTES):
                yield chunk
    except (KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise BackupError("backup.damaged", path=str(path), part=table) from error


async def _check_target(connection: asyncpg.Connection, manifest: Manifest) -> None:
    columns = await _columns(connection)
    migration = await _migration(connection, columns)
    if migration != manifest.migration:
        raise BackupError("backup.migration", found=manifest.migration, wanted=migration)
    wanted = {name: table.columns for name, table in manifest.tables.items()}
    if wanted != columns:
        differing = {name for name in wanted | columns if wanted.get(name) != columns.get(name)}
        raise BackupError("backup.tables", tables=", ".join(sorted(differing)))
    for name in columns:
        await connection.execute(f'LOCK TABLE "{name}" IN EXCLUSIVE MODE')
        if name == _VERSIONS:
            continue
        if await connection.fetchval(f'SELECT EXISTS (TABLE "{name}")'):
            raise BackupError("backup.not_empty", table=name)


async def _read(
    connection: asyncpg.Connection, archive: zipfile.ZipFile, manifest: Manifest
) -> None:
    for name in await _parents_first(connection, manifest):
        table = manifest.tables[name]

        async def rows(name: str = name) -> AsyncIterator[bytes]:
            with archive.open(_member(name)) as member:
                while chunk := member.read(_CHUNK_BYTES):
                    yield chunk

        status = await connection.copy_to_table(
            name, source=rows(), columns=table.columns, format="text", timeout=_COPY_SECONDS
        )
        assert _count(status) == table.rows
    for name, value in manifest.sequences.items():
        await connection.execute("SELECT setval(quote_ident($1)::regclass, $2)", name, value)


async def _parents_first(connection: asyncpg.Connection, manifest: Manifest) -> list[str]:
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(manifest.tables, ()))
    for row in await connection.fetch(_REFERENCES):
        order.add(row["child"], row["parent"])
    return [name for name in order.static_order() if name != _VERSIONS]


async def _columns(connection: asyncpg.Connection) -> dict[str, list[str]]:
    rows: list[Any] = await connection.fetch(_TABLES)
    return {row["name"]: list(row["columns"]) for row in rows}


async def _migration(connection: asyncpg.Connection, columns: dict[str, list[str]]) -> str:
    newest = "SELECT version FROM aerich ORDER BY id DESC LIMIT 1"
    version = await connection.fetchval(newest) if _VERSIONS in columns else None
    if version is None:
        raise BackupError("backup.not_migrated")
    return str(version)


def _member(table: str) -> str:
    return f"tables/{table}.copy"


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
