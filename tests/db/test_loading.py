"""What an engine starts from: every open trade as the line it understands, page by page."""

from decimal import Decimal

import msgspec
from msgspec.structs import replace

from db.snapshots import describe_server, load_instruments, save_instruments
from db.store import PostgresStore
from engine.core.instrument import Direction
from engine.core.trade import Trade
from tests.db.bench import PostgresBench
from tests.db.contract import APPLIED, commit, open_trade, verdicts
from tests.support.effects import checkpoint, entry_order, opened, placed


async def test_pages_hold_every_open_trade_once_by_id(postgres: PostgresBench, database):
    owner = await postgres.owner()
    for number in (1, 2, 3, 4, 5):
        await open_trade(postgres, owner, number, quantity="0.001")
    store = PostgresStore(database, page_trades=2)
    pages = [page async for page in store.open_trades()]
    assert [len(page) for page in pages] == [2, 2, 1]
    trades = [msgspec.json.decode(line, type=Trade) for page in pages for line in page]
    assert [trade.id for trade in trades] == [1, 2, 3, 4, 5]


async def test_odd_symbols_and_odd_numbers_survive_the_way_out(postgres: PostgresBench):
    owner = await postgres.owner()
    order = replace(entry_order(owner, 1, '币安"\\USDT'), direction=Direction.SHORT)
    effect = opened(order, quantity="0.00000001", price="0.0000123456789012345678")
    trade = replace(
        effect.trade,
        rate=Decimal("0.123456789012345678"),
        liquidation_price=Decimal("199.80"),
        stop_price=None,
        targets=(),
    )
    effect = replace(effect, trade=trade)
    assert verdicts(await commit(postgres, placed(order), effect)) == [APPLIED, APPLIED]
    line = await postgres.store.trade_line(1)
    assert line is not None
    assert msgspec.json.decode(line, type=Trade) == trade
    pages = [page async for page in postgres.store.open_trades()]
    assert [msgspec.json.decode(page[0], type=Trade) for page in pages] == [trade]


async def test_the_venues_symbols_are_kept_as_one_snapshot(database):
    assert await load_instruments(database) is None
    await save_instruments(database, b"first")
    await save_instruments(database, b"second")
    assert await load_instruments(database) == b"second"


async def test_the_server_says_what_it_is(database):
    assert (await describe_server(database, is_embedded=True)).endswith(", embedded")
    assert (await describe_server(database, is_embedded=False)).startswith("PostgreSQL ")


async def test_a_checkpoint_that_cannot_be_stored_stops_no_other(postgres: PostgresBench):
    owner = await postgres.owner()
    odd = checkpoint("ETHUSDT", price="-1")
    rulings = await commit(
        postgres, placed(entry_order(owner, 1)), checkpoints=[odd, checkpoint("BTCUSDT")]
    )
    assert verdicts(rulings) == [APPLIED]
    assert await postgres.store.checkpoints() == [checkpoint("BTCUSDT")]


async def test_an_order_that_cannot_be_read_keeps_none_of_the_others(postgres: PostgresBench):
    owner = await postgres.owner()
    orders = [entry_order(owner, number) for number in (1, 2, 3)]
    await commit(postgres, *[placed(order) for order in orders])
    await postgres.one("""UPDATE orders SET body = '{"type": "from tomorrow"}' WHERE id = 2""")
    assert [order.id for order in await postgres.store.waiting_orders()] == [1, 3]
    assert await postgres.one("SELECT status FROM orders WHERE id = 2") == "waiting"
