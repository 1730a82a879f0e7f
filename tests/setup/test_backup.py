"""Backup and restore between two real databases, and every file that must be refused."""

import json
import zipfile

import asyncpg
import pytest

from bot.operator_text import explain
from db.backup import BackupError, backup, restore

ROWS = """
INSERT INTO users (id, locale, zone, created_at) OVERRIDING SYSTEM VALUE VALUES
  (7, 'pt-BR', E'tab\\there', '2026-01-02 03:04:05.678901+00'), (8, 'en', '\\N', now());
INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at) VALUES
  (7, 'BRL', 50000, 123456789012.12345678, now()), (8, 'USDT', 10000, 0.00000001, now());
SELECT setval('users_id_seq', 8);
SELECT nextval('engine_ids') FROM generate_series(1, 41);
"""
DIGEST = """
SELECT md5(string_agg(u::text || a::text, '|' ORDER BY u.id))
FROM users u JOIN accounts a ON a.user_id = u.id
"""


async def run(dsn, statement, *, fetch=False):
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        return await (connection.fetchval if fetch else connection.execute)(statement)
    finally:
        await connection.close()


@pytest.fixture
async def other_dsn(pg, template):
    yield await pg.create("restored", template)
    await pg.drop("restored")


@pytest.fixture
async def saved(dsn, tmp_path):
    """A database with rows, and its backup."""
    await run(dsn, ROWS)
    path = tmp_path / "desk.zip"
    await backup(dsn, path)
    return path


def rewrite(path, change):
    """Rewrite a backup with `change(name, bytes)` applied to each member; None leaves it out."""
    with zipfile.ZipFile(path) as old:
        members = {name: change(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, body in members.items():
            if body is not None:
                new.writestr(name, body)


def in_manifest(**changes):
    def change(name, body):
        return json.dumps({**json.loads(body), **changes}) if name == "manifest.json" else body

    return change


async def refused(dsn, path):
    with pytest.raises(BackupError) as caught:
        await restore(dsn, path)
    assert explain(caught.value) != str(caught.value)
    assert await run(dsn, "SELECT count(*) FROM users", fetch=True) in (0, 2)
    return caught.value.code


async def test_every_row_and_sequence_comes_back_to_the_last_digit(dsn, other_dsn, saved):
    restored = await restore(other_dsn, saved)
    assert restored.tables["users"].rows == 2
    assert await run(other_dsn, DIGEST, fetch=True) == await run(dsn, DIGEST, fetch=True)
    assert await run(other_dsn, "SELECT nextval('engine_ids')", fetch=True) == 42
    assert await run(other_dsn, "SELECT nextval('users_id_seq')", fetch=True) == 9


async def test_a_backup_of_a_restored_database_holds_the_same_rows(other_dsn, saved, tmp_path):
    first = await restore(other_dsn, saved)
    second = await backup(other_dsn, tmp_path / "again.zip")
    assert first.tables == second.tables
    assert first.sequences == second.sequences


async def test_the_backup_is_of_one_instant(dsn, tmp_path, monkeypatch):
    """A user added while tables are being written is in none of them."""
    from db import backup as room

    copy_out = room._copy_out

    async def slow(connection, archive, table, columns):
        if table == "accounts":
            await run(dsn, ROWS)
        return await copy_out(connection, archive, table, columns)

    monkeypatch.setattr(room, "_copy_out", slow)
    manifest = await backup(dsn, tmp_path / "desk.zip")
    assert [name for name, table in manifest.tables.items() if table.rows] == ["aerich"]
    assert await run(dsn, "SELECT count(*) FROM users", fetch=True) == 2


async def test_a_backup_is_private_and_never_overwrites(dsn, saved):
    assert saved.stat().st_mode & 0o777 == 0o600
    before = saved.read_bytes()
    with pytest.raises(BackupError, match=r"backup\.exists"):
        await backup(dsn, saved)
    assert saved.read_bytes() == before
    assert [found.name for found in saved.parent.iterdir()] == ["desk.zip"]


async def test_a_database_with_rows_is_left_alone(dsn, saved):
    assert await refused(dsn, saved) == "backup.not_empty"


async def test_changed_rows_are_noticed(other_dsn, saved):
    rewrite(saved, lambda name, body: body.replace(b"50000", b"90000"))
    assert await refused(other_dsn, saved) == "backup.damaged"


async def test_a_flipped_byte_is_noticed(other_dsn, saved):
    with zipfile.ZipFile(saved) as archive:
        place = archive.getinfo("tables/accounts.copy").header_offset + 70
    raw = bytearray(saved.read_bytes())
    raw[place] ^= 0xFF
    saved.write_bytes(bytes(raw))
    assert await refused(other_dsn, saved) == "backup.damaged"


@pytest.mark.parametrize("body", [b"", b"not a zip", b"PK\x03\x04 cut off"])
async def test_a_file_of_another_kind_is_refused(other_dsn, tmp_path, body):
    path = tmp_path / "odd.zip"
    path.write_bytes(body)
    assert await refused(other_dsn, path) == "backup.not_a_backup"


async def test_a_missing_file_is_refused(other_dsn, tmp_path):
    assert await refused(other_dsn, tmp_path / "nowhere.zip") == "backup.not_a_backup"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (in_manifest(format=99), "backup.format"),
        (in_manifest(format="one"), "backup.not_a_backup"),
        (in_manifest(migration="0_other.py"), "backup.migration"),
        (in_manifest(tables={}), "backup.tables"),
        (lambda name, body: None if "users" in name else body, "backup.damaged"),
        (lambda name, body: None if name == "manifest.json" else body, "backup.not_a_backup"),
        (lambda name, body: b"{" if name == "manifest.json" else body, "backup.not_a_backup"),
    ],
)
async def test_a_backup_that_does_not_fit_is_refused(other_dsn, saved, change, code):
    rewrite(saved, change)
    assert await refused(other_dsn, saved) == code


async def test_an_unmigrated_database_is_refused(pg, saved, tmp_path):
    await pg.create("bare", "template1")
    try:
        with pytest.raises(BackupError, match=r"backup\.not_migrated"):
            await restore(pg.dsn("bare"), saved)
        with pytest.raises(BackupError, match=r"backup\.not_migrated"):
            await backup(pg.dsn("bare"), tmp_path / "bare.zip")
        assert not list(tmp_path.glob("bare*"))
    finally:
        await pg.drop("bare")
