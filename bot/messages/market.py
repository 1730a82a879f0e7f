"""Buttons of prices, charts, cards, the desk's state and help."""

from bot.grammar.words import spoken
from bot.messages import Button, Message, Tone
from bot.messages.taps import Rows, Taps, in_rows
from bot.messages.trades import tone_of
from bot.views import CardView, ChartView, FeedView, HelpView, PriceView, StatusView
from bot.views.market import GROUP_HELLO
from bot.views.plain import lines_of

TOPICS_A_ROW = 3
TRADES_WIDTH = 3
INTERVALS = ("15m", "1h", "4h", "1d")
TOPICS = ("buy", "sl", "tp", "close", "trades", "plan", "chart", "link")


def price(view: PriceView, taps: Taps) -> Message:
    """Show a price with what can be done at it."""
    symbol = view.instrument.symbol.lower()
    lines = tuple(lines_of(view, taps.words))
    buy, short, look = trading(symbol, taps)
    alert = taps.step(taps.say("alert"), f"/alert {symbol}")
    refresh = taps.go("refresh", f"/price {symbol}")
    return Message(lines=lines, rows=((buy, short, alert, look), (refresh,)))


def trading(symbol: str, taps: Taps) -> tuple[Button, Button, Button]:
    """Return what can be done with a coin at its price."""
    return (
        taps.step(taps.say("buy"), f"/buy {symbol}"),
        taps.step(taps.say("short"), f"/short {symbol}"),
        taps.go("chart", f"/chart {symbol}"),
    )


def chart(view: ChartView, taps: Taps) -> Message:
    """Show candles; another interval is drawn in their place."""
    symbol = view.instrument.symbol.lower()
    subject = symbol if view.number is None or view.is_of_coin else str(view.number)
    intervals = tuple(
        taps.marked(
            taps.do(interval, f"/chart {subject} {interval}"),
            is_chosen=interval == view.interval,
        )
        for interval in INTERVALS
    )
    numbers = (view.number,) if view.number is not None else view.trades
    below = in_rows([taps.trade(number) for number in numbers], TRADES_WIDTH)
    if view.number is None:
        buy, short, _ = trading(symbol, taps)
        below = (*below, (buy, short))
    lines = tuple(lines_of(view, taps.words))
    return Message(lines=lines, rows=(intervals, *below), picture=view)


def card(view: CardView, taps: Taps) -> Message:
    """Show a closed trade's card; one that was shared has nothing to press."""
    rows: Rows = ()
    if not view.is_shared and not view.is_invented:
        rows = (
            (
                taps.go("share", f"/share {view.number}"),
                taps.ask(taps.say("again"), f"/again {view.number}"),
                taps.go("chart", f"/chart {view.number}"),
            ),
        )
    lines = tuple(lines_of(view, taps.words))
    return Message(lines=lines, rows=rows, picture=view, tone=tone_of(view.return_ratio))


def feed(view: FeedView, taps: Taps) -> Message:
    """Show that prices went away or are back."""
    return Message(lines=tuple(lines_of(view, taps.words)), is_silent=True)


def status(view: StatusView, taps: Taps) -> Message:
    """Show the desk's state, to look again."""
    lines = tuple(lines_of(view, taps.words))
    return Message(
        lines=lines,
        rows=((taps.go("refresh", "/status"),),),
        tone=Tone.PLAIN if view.database_is_up else Tone.BAD,
    )


def help_screen(view: HelpView, taps: Taps) -> Message:
    """Show the help with its most wanted topics; a group is greeted without buttons."""
    if view.topic == GROUP_HELLO:  # nobody there has asked for anything yet
        return Message(lines=tuple(lines_of(view, taps.words)))
    topics = [
        taps.do(spoken(topic, taps.words.locale), f"/help {topic}")
        for topic in TOPICS
        if topic != view.topic
    ]
    last = taps.go("menu", "/menu") if view.topic is None else taps.go("help", "/help")
    rows = in_rows([*topics, last], TOPICS_A_ROW)
    return Message(lines=tuple(lines_of(view, taps.words)), rows=rows)
