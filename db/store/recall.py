"""Recognizes what an earlier commit of ours stored although its reply was lost.

Not only the effect's number must be there: its print, quantity and money must be the same.
"""

from collections.abc import Sequence

from db.pool import Connection
from db.store.rows import Input
from db.store.waves import Item
from engine.core.commands import RefusalCode
from engine.core.effects import AccountReset, ExitsSet, OrderEnded, TradeExited, TradeOpened
from engine.ports import Ruling, Verdict

_FILLS = Input(
    position="int",
    trade_id="bigint",
    user_id="bigint",
    effect_number="int",
    quantity="numeric",
    price="numeric",
    amount="numeric",
    fee="numeric",
    print_id="bigint",
)

_STORED_FILLS = f"""
SELECT i.position, t.number, n.id AS notice_id, f.balance_after::text AS balance
FROM {_FILLS.named("i")}
JOIN fills f ON f.trade_id = i.trade_id AND f.effect_number = i.effect_number
    AND f.user_id = i.user_id AND f.quantity = i.quantity AND f.price = i.price
    AND f.amount = i.amount AND f.fee = i.fee AND f.print_id = i.print_id
JOIN trades t ON t.id = f.trade_id
LEFT JOIN notices n ON n.trade_id = f.trade_id AND n.effect_number = f.effect_number
"""

_ENDS = Input(position="int", id="bigint", user_id="bigint", code="text")

_STORED_ENDS = f"""
SELECT i.position, n.id AS notice_id, o.facts ->> 'balance' AS balance
FROM {_ENDS.named("i")}
JOIN orders o ON o.id = i.id AND o.user_id = i.user_id AND o.code = i.code
LEFT JOIN notices n ON n.order_id = o.id AND n.code = 'order_ended'
"""

_STORED_LEVELS = """
SELECT t.number, n.id AS notice_id
FROM trades t LEFT JOIN notices n ON n.trade_id = t.id AND n.effect_number = $2
WHERE t.id = $1
"""

_STORED_RESET = """
SELECT a.starting_balance::text AS balance, n.id AS notice_id
FROM accounts a LEFT JOIN notices n ON n.account_id = $2 AND n.code = 'account_reset'
WHERE a.id = $1
"""


# Why the store itself refuses an entry.
_REFUSALS = (RefusalCode.BALANCE_TOO_LOW, RefusalCode.QUOTA)


async def recall(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    """Return the earlier rulings of fills, refusals and ended orders, by position."""
    found = await _fills(connection, items)
    ends = await _ends(connection, [item for item in items if item.position not in found])
    return found | ends


async def recall_keyed(connection: Connection, item: Item, result_id: int) -> Ruling | None:
    """Return the earlier ruling of an effect whose key was already stored by ourselves."""
    effect = item.effect
    if isinstance(effect, OrderEnded):
        return (await recall(connection, [item])).get(item.position)
    if isinstance(effect, ExitsSet):
        trade = effect.trade
        row = await connection.fetchrow(_STORED_LEVELS, trade.id, trade.revision)
        return Ruling(Verdict.APPLIED, row["number"], row["notice_id"]) if row else None
    if isinstance(effect, AccountReset):
        row = await connection.fetchrow(_STORED_RESET, result_id, effect.account_id)
        if row is None:
            return None
        return Ruling(Verdict.APPLIED, notice_id=row["notice_id"], balance=row["balance"])
    return Ruling(Verdict.APPLIED)  # an order or alert that is set, an alert that is taken back


async def _fills(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    rows = [
        (
            item.position,
            trade.id,
            trade.user_id,
            trade.revision,
            fill.quantity,
            fill.price,
            fill.amount,
            fill.fee,
            fill.print_id,
        )
        for item in items
        if isinstance(effect := item.effect, TradeOpened | TradeExited)
        for trade, fill in [(effect.trade, effect.fill)]
    ]
    if not rows:
        return {}
    return {
        row["position"]: Ruling(
            Verdict.APPLIED, row["number"], row["notice_id"], balance=row["balance"]
        )
        for row in await connection.fetch(_STORED_FILLS, *_FILLS.arrays(rows))
    }


async def _ends(connection: Connection, items: Sequence[Item]) -> dict[int, Ruling]:
    verdicts: dict[int, Verdict] = {}
    rows: list[tuple[int, int, int, str]] = []
    for item in items:
        effect = item.effect
        if isinstance(effect, OrderEnded):
            verdicts[item.position] = Verdict.APPLIED
            rows.append((item.position, effect.order.id, effect.order.user_id, effect.code))
        elif isinstance(effect, TradeOpened):
            verdicts[item.position] = Verdict.REFUSED
            trade = effect.trade
            rows += [(item.position, trade.id, trade.user_id, code) for code in _REFUSALS]
    if not rows:
        return {}
    found: dict[int, Ruling] = {}
    for row in await connection.fetch(_STORED_ENDS, *_ENDS.arrays(rows)):
        verdict = verdicts[row["position"]]
        balance = row["balance"] if verdict is Verdict.REFUSED else None
        found[row["position"]] = Ruling(verdict, notice_id=row["notice_id"], balance=balance)
    return found
