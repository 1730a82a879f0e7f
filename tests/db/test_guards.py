"""The last walls: what the tables themselves refuse, whoever writes."""

from decimal import Decimal

import asyncpg
import pytest

from tests.db.bench import PostgresBench
from tests.db.contract import commit, open_trade
from tests.support.effects import exited

_SECOND_ACCOUNT = """
INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)
SELECT user_id, 'BRL', 1, 1, now() FROM accounts
"""


def _again(table: str) -> str:
    """Return the statement that stores a table's first row once more, under another id."""
    copied = f"(jsonb_populate_record(t, jsonb_build_object('id', 99))).* FROM {table} t LIMIT 1"
    return f"INSERT INTO {table} SELECT * FROM (SELECT {copied}) again"


REFUSED = [
    ("UPDATE accounts SET balance = -0.00000001", "accounts_balance_not_negative"),
    ("UPDATE accounts SET balance = 0.000000001", "money_amount_is_exact"),
    ("UPDATE accounts SET balance = 'NaN'", "money_amount_is_exact"),
    ("UPDATE accounts SET balance = 'Infinity'", "money_amount_is_exact"),
    (_SECOND_ACCOUNT, "accounts_one_open"),
    ("UPDATE trades SET quantity = 0", "trades_closed_when_empty"),
    ("UPDATE trades SET status = 'closed'", "trades_closed_when_empty"),
    ("UPDATE trades SET quantity = quantity * 2", "trades_quantity_within_entry"),
    ("UPDATE trades SET quantity = -1", "base_quantity_is_not_negative"),
    ("UPDATE trades SET stop_price = 0", "positive_number_is_positive"),
    ("UPDATE trades SET reserved = reserved + 1", "trades_amounts"),
    ("UPDATE ledger SET amount = 0", "not allowed"),
    ("DELETE FROM ledger", "not allowed"),
    ("TRUNCATE ledger", "not allowed"),
    ("UPDATE lease SET epoch = 0", "not allowed"),
    ("DELETE FROM accounts", "foreign key"),
    ("DELETE FROM trades", "foreign key"),
    ("UPDATE fills SET amount = 1 WHERE kind = 'entry'", "fills_amounts"),
    (_again("fills"), "fills_effect_once"),
    (_again("ledger"), "ledger_effect_once"),
    (_again("notices"), "notices_trade_effect_once"),
    ("UPDATE orders SET status = 'waiting'", "orders_status"),
    ("UPDATE users SET last_trade_number = -1", "users_number_counts"),
]


@pytest.mark.parametrize(
    ("statement", "guard"), REFUSED, ids=[" ".join(one[0].split())[:60] for one in REFUSED]
)
async def test_the_tables_refuse(postgres: PostgresBench, connection, statement, guard):
    owner = await postgres.owner()
    await open_trade(postgres, owner)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
        await connection.execute(statement)
    assert guard in str(refusal.value)


async def test_a_closed_trade_never_opens_again(postgres: PostgresBench, connection):
    owner = await postgres.owner()
    trade = await open_trade(postgres, owner)
    await commit(postgres, exited(trade, "51000"))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await connection.execute(
            "UPDATE trades SET status = 'open', quantity = 1, closed_at = NULL, exit_reason = NULL"
        )


async def test_exact_numbers_come_back_digit_by_digit(connection):
    rate = Decimal("0.0000123456789012345678")
    assert await connection.fetchval("SELECT ($1::numeric)::positive_number", rate) == rate
    big = Decimal("123456789012345.12345678")
    assert await connection.fetchval("SELECT ($1::numeric)::money_amount", big) == big


async def test_times_in_ms_survive_both_ways(connection):
    for ms in (0, 1, 999, 1_790_000_000_123, 1_790_000_000_999, 4_102_444_799_999):
        assert await connection.fetchval("SELECT time_to_ms(ms_to_time($1))", ms) == ms
