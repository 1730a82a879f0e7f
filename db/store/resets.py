"""Resets an account as one whole: every trade closed, every order canceled, a new account.

Anything else found open or waiting means that memory was wrong: then nothing is done.
"""

from db.pool import Connection
from db.store.exits import book_exits_untold
from db.store.keys import name_result
from db.store.notices import told_of
from db.store.waves import Item
from engine.core.commands import RefusalCode
from engine.core.effects import AccountReset
from engine.ports import Ruling, Verdict

_LOCK = """
SELECT 1 FROM accounts WHERE id = $1 AND user_id = $2 AND closed_at IS NULL FOR UPDATE
"""

_CANCEL = """
UPDATE orders SET status = 'canceled', code = $3, ended_at = ms_to_time($4)
WHERE account_id = $1 AND id = ANY($2::bigint[]) AND status = 'waiting'
RETURNING id
"""

_IS_BUSY = """
SELECT EXISTS (SELECT FROM trades WHERE account_id = $1 AND status = 'open')
    OR EXISTS (SELECT FROM orders WHERE account_id = $1 AND status = 'waiting')
"""

_CLOSE = "UPDATE accounts SET closed_at = ms_to_time($2) WHERE id = $1"

_OPEN = """
INSERT INTO accounts (user_id, currency, starting_balance, balance, opened_at)
VALUES ($1, $2, $3, $3, ms_to_time($4)) RETURNING id, balance::text
"""

_NOTE = """
INSERT INTO notices (user_id, code, account_id, payload, decided_at, late_since, created_at)
VALUES ($1, 'account_reset', $2, $3, ms_to_time($4), ms_to_time($5), statement_timestamp())
RETURNING id
"""


async def reset_account(connection: Connection, item: Item) -> Ruling | None:
    """Reset an account; None, and nothing changed, when it is not as the engine believed."""
    effect = item.effect
    assert isinstance(effect, AccountReset), "only a reset resets"
    await connection.execute("SAVEPOINT account_reset")
    ruling = await _reset(connection, item, effect)
    if ruling is None:
        await connection.execute("ROLLBACK TO SAVEPOINT account_reset")
    await connection.execute("RELEASE SAVEPOINT account_reset")
    return ruling


async def _reset(connection: Connection, item: Item, effect: AccountReset) -> Ruling | None:
    account = effect.account_id
    if not await connection.fetchval(_LOCK, account, effect.user_id):
        return None
    if await book_exits_untold(connection, effect.exits, item.decided) != len(effect.exits):
        return None
    canceled = await connection.fetch(
        _CANCEL, account, list(effect.orders), RefusalCode.CANCELED, effect.at_ms
    )
    if len(canceled) != len(effect.orders) or await connection.fetchval(_IS_BUSY, account):
        return None
    await connection.execute(_CLOSE, account, effect.at_ms)
    opened = await connection.fetchrow(
        _OPEN, effect.user_id, effect.currency, effect.starting_balance, effect.at_ms
    )
    assert opened is not None, "an INSERT returns its row"
    notice_id = await connection.fetchval(_NOTE, effect.user_id, account, *told_of(item.decided))
    await name_result(connection, item, opened["id"])
    return Ruling(Verdict.APPLIED, notice_id=notice_id, balance=opened["balance"])
