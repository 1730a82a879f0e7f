"""People and what they may read: looked up by owner, forgotten on request, sums kept."""

import asyncio
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

from db.books import PostgresBooks
from db.queries.records import EntryRecord
from tests.db.bench import PostgresBench
from tests.db.contract import commit, open_trade
from tests.support.effects import (
    T0_MS,
    Owner,
    canceled,
    close_order,
    entry_order,
    exited,
    placed,
)

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
GRANT = ("USDT", Decimal(10_000))


@pytest.fixture
def books(database) -> PostgresBooks:
    return PostgresBooks(database)


async def _enroll(books: PostgresBooks, name: str = "ana") -> Owner:
    person = await books.enroll("telegram", name, "pt-BR", "America/Sao_Paulo", GRANT)
    return Owner(person.user_id, person.account_id)


async def test_a_stranger_becomes_a_person_with_an_account(books):
    assert await books.person("telegram", "1") is None
    made = await books.enroll("telegram", "1", "pt-BR", "America/Sao_Paulo", GRANT)
    assert made == await books.person("telegram", "1")
    assert replace(made, since_ms=0) == await books.person_by_id(made.user_id)
    assert (made.locale, made.zone, made.currency) == ("pt-BR", "America/Sao_Paulo", "USDT")
    assert made.balance == made.starting_balance == 10_000
    assert await books.person("discord", "1") is None
    assert await books.identities(made.user_id) == [("telegram", "1")]


async def test_enrolling_many_times_at_once_makes_one_person(books, connection):
    made = await asyncio.gather(
        *(books.enroll("telegram", "1", "en", "UTC", GRANT) for _ in range(12))
    )
    assert len({person.user_id for person in made}) == 1
    assert await connection.fetchval("SELECT count(*) FROM users") == 1
    assert await connection.fetchval("SELECT count(*) FROM accounts") == 1


async def test_settings_are_changed_for_their_owner_alone(books):
    ana, bob = await _enroll(books, "ana"), await _enroll(books, "bob")
    await books.set_locale(ana.user_id, "en")
    await books.set_zone(ana.user_id, "Asia/Kathmandu")
    changed, other = await books.person_by_id(ana.user_id), await books.person_by_id(bob.user_id)
    assert changed is not None
    assert other is not None
    assert (changed.locale, changed.zone) == ("en", "Asia/Kathmandu")
    assert (other.locale, other.zone) == ("pt-BR", "America/Sao_Paulo")


async def test_trades_are_found_by_owner_and_number(books, postgres: PostgresBench):
    ana, bob = await _enroll(books, "ana"), await _enroll(books, "bob")
    trade = await open_trade(postgres, ana)
    half = exited(trade, "51000", quantity="0.005")
    await commit(postgres, half)
    (found,) = await books.open_trades(ana.user_id)
    assert (found.number, found.trade) == (1, half.trade)
    assert await books.open_trades(bob.user_id) == []
    assert await books.trade(bob.user_id, 1) is None
    file = await books.trade(ana.user_id, 1)
    assert file is not None
    assert (file.currency, file.entry_quantity, file.closed_at_ms) == (
        "USDT",
        Decimal("0.01"),
        None,
    )
    assert file.trade == half.trade
    assert file.fills[1] == half.fill
    assert file.fills[0].amount == Decimal(-500)


async def test_history_pages_from_the_newest(books, postgres: PostgresBench):
    ana = await _enroll(books)
    for number in (1, 2, 3):
        trade = await open_trade(postgres, ana, number)
        closing = exited(trade, "51000" if number != 2 else "49000")
        fill = replace(closing.fill, booked_at_ms=T0_MS + number * 1000)
        await commit(postgres, replace(closing, fill=fill))
    newest, count = await books.history(ana.user_id, 1, 2)
    assert ([one.number for one in newest], count) == ([3, 2], 3)
    oldest, _ = await books.history(ana.user_id, 2, 2)
    assert [one.number for one in oldest] == [1]
    assert oldest[0].exit_reason == "stop_loss"
    assert oldest[0].entry_notional == 500
    assert not oldest[0].trade.is_open
    assert await books.history(ana.user_id + 1, 1, 2) == ([], 0)


async def test_results_count_what_was_booked_since(books, postgres: PostgresBench):
    ana = await _enroll(books)
    fills = []
    for number, price in ((1, "51000"), (2, "49000")):
        trade = await open_trade(postgres, ana, number)
        closing = exited(trade, price)
        fill = replace(closing.fill, booked_at_ms=T0_MS + number * 1000)
        await commit(postgres, replace(closing, fill=fill))
        fills.append(fill)
    whole = await books.result_since(ana.account_id, None)
    assert (whole.closed_count, whole.winner_count) == (2, 1)
    assert whole.realized_pnl == sum(fill.pnl for fill in fills)
    late = await books.result_since(ana.account_id, T0_MS + 2000)
    assert (late.closed_count, late.winner_count, late.realized_pnl) == (1, 0, fills[1].pnl)
    person = await books.person_by_id(ana.user_id)
    assert person is not None
    assert whole.realized_pnl == person.balance - person.starting_balance


async def test_waiting_orders_name_the_trade_that_they_close(books, postgres: PostgresBench):
    ana = await _enroll(books)
    trade = await open_trade(postgres, ana)
    entry, close = entry_order(ana, 2), close_order(trade, 3)
    await commit(postgres, placed(entry, "k-entry"), placed(close))
    waiting = await books.waiting(ana.user_id)
    assert [(one.order, one.number) for one in waiting] == [(entry, None), (close, 1)]
    assert await books.is_known(ana.user_id, "k-entry")
    assert not await books.is_known(ana.user_id + 1, "k-entry")
    counts = await books.counts()
    assert (counts.open_trades, counts.waiting_orders) == (1, 2)


async def test_how_a_trade_was_asked_for_is_found_by_its_number(books, postgres: PostgresBench):
    ana, bob = await _enroll(books, "ana"), await _enroll(books, "bob")
    assert await books.entry(ana.user_id, None) is None
    for order_id in (1, 2):
        await open_trade(postgres, ana, order_id)
    assert await books.entry(ana.user_id, 1) == EntryRecord(number=1, order=entry_order(ana, 1))
    assert await books.entry(ana.user_id, None) == EntryRecord(number=2, order=entry_order(ana, 2))
    assert await books.entry(ana.user_id, 3) is None
    assert await books.entry(bob.user_id, 1) is None


async def test_the_export_holds_everything_of_one_user_and_nothing_of_another(
    books, postgres: PostgresBench
):
    ana, bob = await _enroll(books, "ana"), await _enroll(books, "secret-bob")
    await open_trade(postgres, ana, 1)
    await open_trade(postgres, bob, 2)
    text = await books.export(ana.user_id)
    data = msgspec.json.decode(text)
    assert b"secret-bob" not in text
    assert data["identities"][0]["platform_user_id"] == "ana"
    assert [len(data[name]) for name in ("accounts", "trades", "fills", "ledger")] == [1, 1, 1, 2]
    assert data["ledger"][0]["amount"] == "-500.00000000"
    assert data["trades"][0]["targets"] == [[1, "52000.00", "1"]]


async def test_nobody_is_forgotten_while_a_trade_is_open_or_an_order_waits(
    books, postgres: PostgresBench
):
    ana = await _enroll(books)
    trade = await open_trade(postgres, ana)
    assert not await books.delete(ana.user_id)
    await commit(postgres, exited(trade, "51000"))
    order = entry_order(ana, 2)
    await commit(postgres, placed(order))
    assert not await books.delete(ana.user_id)
    assert await books.person("telegram", "ana") is not None
    await commit(postgres, canceled(order, "k-cancel"))
    assert await books.delete(ana.user_id)


async def test_who_is_forgotten_leaves_no_name_and_the_sums_hold(
    books, postgres: PostgresBench, connection
):
    ana = await _enroll(books, "ana-the-name")
    trade = await open_trade(postgres, ana)
    await commit(postgres, exited(trade, "51000"))
    balance = await postgres.balance(ana.account_id)
    assert await books.delete(ana.user_id)
    assert await books.person("telegram", "ana-the-name") is None
    assert await books.person_by_id(ana.user_id) is None
    for (table,) in await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname='public'"
    ):
        rows = await connection.fetch(f'SELECT t::text AS row FROM "{table}" t')
        assert not [row["row"] for row in rows if "ana-the-name" in row["row"]], table
    assert await connection.fetchval("SELECT count(*) FROM notices") == 0
    assert await connection.fetchval("SELECT count(*) FROM command_keys") == 0
    assert await postgres.books(ana.account_id) == balance
    again = await _enroll(books, "ana-the-name")
    assert again.user_id != ana.user_id


async def test_an_order_cannot_slip_in_while_its_owner_is_forgotten(
    books, postgres: PostgresBench, connection
):
    ana = await _enroll(books)
    async with connection.transaction():
        await connection.execute("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE", ana.account_id)
        storing = asyncio.create_task(commit(postgres, placed(entry_order(ana, 1))))
        await asyncio.sleep(0.1)
        assert not storing.done()
        await connection.execute(
            "UPDATE accounts SET closed_at = now() WHERE id = $1", ana.account_id
        )
    (ruling,) = await storing
    assert ruling.verdict == "conflict"
    assert await books.waiting(ana.user_id) == []


async def test_the_database_is_pinged_for_writing(books):
    await books.ping()
