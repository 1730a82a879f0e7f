"""A trade that was reduced or closed, in plain text; found late, it says so first."""

from bot.text.words import Words
from bot.views.plain.pieces import direction_word, late_lines, share_word
from bot.views.trades import ExitView, ManyClosedView
from engine.core.numbers import ZERO
from engine.core.trade import ExitReason

STOPS = frozenset(
    {
        ExitReason.STOP_LOSS,
        ExitReason.TRAILING_STOP,
        ExitReason.BREAK_EVEN,
        ExitReason.TARGET_STOP,
        ExitReason.COPY_STOP,
    }
)

EXITS_MAX = 20


def exited(view: ExitView, words: Words) -> list[str]:
    """Write an exit: what it was, what it brought, at which prices, and what is left."""
    lines = [_title(view, words)]
    if view.late:
        at = words.price(view.exit_price, view.instrument)
        subject = {"number": str(view.number), "price": at}
        return lines + late_lines(view.late, view.justified_by.time_ms, subject, words)
    lines += [_route(view, words), _cause(view, words)]
    if view.forgiven > ZERO:
        forgiven = words.brief(view.forgiven, view.currency)
        lines.append(words.say("exit-forgiven", money=forgiven))
    if not view.is_closed:
        lines += _standing(view, words)
    if view.balance is not None:
        balance = words.brief(view.balance, view.currency)
        lines.append(words.say("exit-balance", money=balance))
    return lines


def many_closed(view: ManyClosedView, words: Words) -> list[str]:
    """Write the sum of several exits, a line for each, and the balance after all of them."""
    last = view.exits[-1]
    title = words.say(
        "exits-closed" if all(one.is_closed for one in view.exits) else "exits-reduced",
        count=len(view.exits),
        money=words.money(
            sum((one.pnl for one in view.exits), ZERO), last.currency, is_signed=True
        ),
    )
    lines = [title, *(_brief(one, words) for one in view.exits[:EXITS_MAX])]
    if len(view.exits) > EXITS_MAX:
        lines.append(words.say("exits-more", count=len(view.exits) - EXITS_MAX))
    balances = [one.balance for one in view.exits if one.balance is not None]
    if balances:
        lines.append(words.say("exit-balance", money=words.brief(balances[-1], last.currency)))
    return lines


def _brief(view: ExitView, words: Words) -> str:
    result = words.say(
        "trades-row",
        arrow=words.arrow(view.pnl),
        money=words.amount(view.pnl, is_signed=True),
        percent=words.percent(view.return_ratio, is_signed=True, is_full=True),
    )
    coin = words.coin(view.instrument, view.currency)
    return f"#{view.number} {coin} {direction_word(view.direction, words)} {result}"


def _title(view: ExitView, words: Words) -> str:
    coin = words.coin(view.instrument, view.currency)
    if view.is_closed or view.reason is not ExitReason.MANUAL:
        what = words.say(f"exit-{view.reason.value}", coin=coin)
    else:
        what = words.say("exit-part", coin=coin, share=share_word(view.share, words))
    return words.say(
        "exit-title",
        emoji=_emoji(view),
        what=what,
        money=words.money(view.pnl, view.currency, is_signed=True),
        percent=words.percent(view.return_ratio, is_signed=True, is_full=True),
    )


def _emoji(view: ExitView) -> str:
    if view.late:
        return "⏳"
    if view.reason in STOPS:
        return "🛡" if view.pnl >= ZERO else "🛑"
    if view.reason is ExitReason.TAKE_PROFIT:
        return "🎯"
    return "💥" if view.reason is ExitReason.LIQUIDATION else "⚪"


def _route(view: ExitView, words: Words) -> str:
    exit_price = words.price(view.exit_price, view.instrument)
    if not view.is_closed:
        return words.say(
            f"exit-part-{view.direction.value}",
            number=str(view.number),
            share=share_word(view.share, words),
            price=exit_price,
        )
    return words.say(
        "exit-route",
        number=str(view.number),
        direction=direction_word(view.direction, words),
        entry=words.price(view.entry_price, view.instrument),
        exit=exit_price,
    )


def _cause(view: ExitView, words: Words) -> str:
    held = words.span(view.closed_at_ms - view.opened_at_ms)
    if view.trigger_price is None:
        return words.say("exit-held", held=held, fee=words.amount(view.fee))
    level = words.price(view.trigger_price, view.instrument)
    if view.reason is ExitReason.LIQUIDATION:
        return words.say("exit-at-liquidation", price=level, held=held)
    gap = abs(view.exit_price - view.trigger_price)
    is_target = view.reason is ExitReason.TAKE_PROFIT
    if gap == ZERO:
        return words.say("exit-at-target" if is_target else "exit-at-stop", price=level, held=held)
    message_id = "exit-at-target-gained" if is_target else "exit-at-stop-slipped"
    slippage = words.price(gap, view.instrument)
    return words.say(message_id, price=level, slippage=slippage, held=held)


def _standing(view: ExitView, words: Words) -> list[str]:
    placed = {"stop": view.stop_price, "target": view.target_price}
    prices = {
        name: words.price(price, view.instrument)
        for name, price in placed.items()
        if price is not None
    }
    if not prices:
        return [words.say("opened-no-stop", number=str(view.number))]
    name = "both" if len(prices) > 1 else next(iter(prices))
    return [words.say(f"exit-standing-{name}", **prices)]
