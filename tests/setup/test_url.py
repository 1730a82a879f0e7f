"""DATABASE_URL in all its forms, and the same address used by asyncpg and tortoise for real."""

import ssl

import asyncpg
import pytest
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from db.url import DatabaseSettings, DatabaseUrlError, database_settings

FULL = DatabaseSettings("db.example.org", 6543, "us er", "p@ss/w:rd", "desk")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_full_address_is_read_with_every_part_decoded(scheme):
    url = f"{scheme}://us%20er:p%40ss%2Fw%3Ard@db.example.org:6543/desk"
    assert database_settings(url, environ={}) == FULL


def test_a_socket_folder_stands_in_the_query():
    found = database_settings("postgresql://postgres@/postgres?host=/run/a%20b", environ={})
    assert found == DatabaseSettings("/run/a b", 5432, "postgres", None, "postgres")
    assert found.is_local


def test_an_address_with_nothing_in_it_leaves_all_to_asyncpg():
    found = database_settings("postgres:///", environ={})
    assert found == DatabaseSettings(None, 5432, None, None, None)
    assert found.is_local


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("postgres://u:p@ec2-1.compute.amazonaws.com/d", "require"),
        ("postgres://u:p@10.0.0.5/d", "require"),
        ("postgres://u:p@db/d?sslmode=disable", "disable"),
        ("postgres://u:p@localhost/d", None),
        ("postgres://u:p@127.0.0.1/d", None),
        ("postgres://u:p@[::1]/d", None),
        ("postgres://u@/d?host=/tmp", None),
    ],
)
def test_heroku_gets_tls_for_every_remote_server(url, mode):
    assert database_settings(url, environ={"DYNO": "worker.1"}).ssl_mode == mode


def test_elsewhere_tls_is_as_the_address_says():
    url = "postgres://u:p@db/d"
    assert "ssl" not in database_settings(url, environ={}).connect_arguments()
    asked = database_settings(f"{url}?sslmode=require", environ={})
    assert asked.connect_arguments()["ssl"] == "require"


@pytest.mark.parametrize(("mode", "checks_name"), [("verify-ca", False), ("verify-full", True)])
def test_verification_uses_the_systems_authorities(mode, checks_name):
    found = database_settings(f"postgres://u:p@db/d?sslmode={mode}", environ={})
    context = found.connect_arguments()["ssl"]
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname is checks_name


def test_behind_a_transaction_pooler_no_statement_is_prepared():
    found = database_settings("postgres://u:p@db/d?pgbouncer=true", environ={})
    assert found.connect_arguments()["statement_cache_size"] == 0


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://u:secret@h/d", "database_url.scheme"),
        ("secret", "database_url.scheme"),
        ("postgres://u:secret@h:port/d", "database_url.port"),
        ("postgres://u:secret@h:70000/d", "database_url.port"),
        ("postgres://u:secret@h/d?port=0x1", "database_url.port"),
        ("postgres://u:secret@h/d?port=-1", "database_url.port"),
        ("postgres://u:secret@[h/d", "database_url.unreadable"),
        ("postgres://u:secret@h/d?sslmode=maybe", "database_url.sslmode"),
    ],
)
def test_a_bad_address_is_one_error_without_the_secret(url, code):
    with pytest.raises(DatabaseUrlError, match=code) as caught:
        database_settings(url, environ={})
    assert caught.value.code == code
    assert "secret" not in repr(caught.value) + str(caught.value)


def test_the_password_is_never_shown():
    assert "p@ss" not in repr(FULL)


async def test_asyncpg_and_tortoise_take_the_embedded_servers_address(pg):
    found = database_settings(pg.dsn(), environ={"DYNO": "worker.1"})
    connection = await asyncpg.connect(**found.connect_arguments(), timeout=10)
    assert await connection.fetchval("SELECT current_user") == "postgres"
    await connection.close()
    client = AsyncpgDBClient(**found.tortoise_credentials(), connection_name="default")
    await client.create_connection(with_db=True)
    rows = await client.execute_query_dict("SELECT current_setting('application_name') AS name")
    assert rows == [{"name": "vigilante"}]
    await client.close()
