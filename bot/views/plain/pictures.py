"""What pictures say, in plain text: a caption, and all there is where nothing can be drawn."""

from bot.text.words import Words
from bot.views.pictures import CardView, ChartView
from bot.views.plain.pieces import direction_word
from engine.core.numbers import ZERO


def chart(view: ChartView, words: Words) -> list[str]:
    """Write a coin's price, and the range and change of its candles."""
    names = {"coin": view.instrument.base, "interval": view.interval}
    if view.price is None:
        title = words.say("chart-title-bare", **names)
    else:
        price = words.quoted(view.price, view.instrument)
        title = words.say("chart-title", price=price, **names)
    lines = [title, _range(view, words)]
    if view.number is None or view.direction is None:
        return [*lines, *_several(view, words)]
    direction = direction_word(view.direction, words)
    return [*lines, words.say("chart-mine", number=str(view.number), direction=direction)]


def _several(view: ChartView, words: Words) -> list[str]:
    """Name the trades that are drawn, or how many they are of all."""
    shown = len(view.trades)
    if not shown:
        return []
    if view.trade_count > shown:
        return [words.say("chart-mine-last", shown=str(shown), count=str(view.trade_count))]
    numbers = ", ".join(f"#{number}" for number in view.trades)
    return [words.say("chart-mine-several", numbers=numbers)]


def _range(view: ChartView, words: Words) -> str:
    if not view.candles:
        return words.say("chart-none")
    first = view.candles[0].open
    change = (view.candles[-1].close - first) / first if first > ZERO else ZERO
    return words.say(
        "chart-range",
        high=words.price(max(candle.high for candle in view.candles), view.instrument),
        low=words.price(min(candle.low for candle in view.candles), view.instrument),
        percent=words.percent(change, is_signed=True, is_full=True),
    )


def card(view: CardView, words: Words) -> list[str]:
    """Write a closed trade as its card shows it; money only where its owner shows it."""
    names = {
        "coin": words.coin(view.instrument, view.currency),
        "direction": direction_word(view.direction, words),
        "percent": words.percent(view.return_ratio, is_signed=True, is_full=True),
    }
    if view.is_shared:
        title = words.say("card-title-shared", name=view.name, **names)
    else:
        title = words.say("card-title-numbered", number=str(view.number), **names)
    entry = words.price(view.entry_price, view.instrument)
    route = words.say("card-route", entry=entry, exit=words.price(view.exit_price, view.instrument))
    lines = [title, route, _facts(view, words)]
    if view.pnl is not None:
        money = words.money(view.pnl, view.currency, is_signed=True)
        lines.append(words.say("card-money", money=money))
    note = "card-invented" if view.is_invented else "card-simulated"
    return [*lines, words.say(note)]


def _facts(view: CardView, words: Words) -> str:
    facts = {
        "reason": words.say(f"reason-{view.reason.value}"),
        "held": words.span(view.closed_at_ms - view.opened_at_ms),
    }
    if view.r_multiple is None:
        return words.say("card-facts", **facts)
    multiple = words.ratio(view.r_multiple)
    return words.say("card-facts-r", multiple=multiple, **facts)
