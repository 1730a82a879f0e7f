"""Buttons of money, results, greetings and of what was done."""

from decimal import Decimal

from bot.grammar.requests import Start
from bot.messages import Button, File, Message, Tone
from bot.messages.taps import Rows, Taps
from bot.messages.trades import tone_of
from bot.use_cases.lines import spelled
from bot.views import (
    BalanceView,
    DoneCode,
    DoneView,
    ExportView,
    HistoryView,
    PnlView,
    WelcomeView,
)
from bot.views.plain import lines_of

FIRST = {"BRL": "500"}
FIRST_USUAL = "100"
LANGUAGES = {"en": "en", "pt-BR": "pt"}


def balance(view: BalanceView, taps: Taps) -> Message:
    """Show the money, and where it is."""
    rows = ((taps.go("trades", "/trades"), taps.go("history", "/history"), taps.go("pnl", "/pnl")),)
    lines = tuple(lines_of(view, taps.words))
    return Message(lines=lines, rows=rows, tone=tone_of(view.equity - view.start))


def pnl(view: PnlView, taps: Taps) -> Message:
    """Show results, and what they are made of."""
    rows = ((taps.go("history", "/history"), taps.go("balance", "/balance")),)
    lines = tuple(lines_of(view, taps.words))
    return Message(lines=lines, rows=rows, tone=tone_of(view.today.realized_pnl))


def history(view: HistoryView, taps: Taps) -> Message:
    """Show a page of closed trades, and the pages beside it."""
    paging: list[Button] = []
    if view.page > 1:
        paging.append(taps.go("previous", f"/history {view.page - 1}"))
    if view.page < view.page_count:
        paging.append(taps.go("next", f"/history {view.page + 1}"))
    rows = (tuple(paging),) if paging else ()
    last = (taps.go("pnl", "/pnl"), taps.go("menu", "/menu"))
    lines = tuple(lines_of(view, taps.words, is_tapped=True))
    return Message(lines=lines, rows=(*rows, last))


def done(view: DoneView, taps: Taps) -> Message:
    """Show that something was done, and a way on."""
    lines = tuple(lines_of(view, taps.words))
    rows: Rows = ((taps.go("menu", "/menu"),),)
    if view.code in (DoneCode.LANGUAGE, DoneCode.TIMEZONE, DoneCode.TIMEZONE_NOW):
        rows = ((taps.go("settings", "/settings"), taps.go("menu", "/menu")),)
    if view.code in (DoneCode.DELETED, DoneCode.ALREADY_DONE):
        rows = ()
    return Message(lines=lines, rows=rows)


def welcome(view: WelcomeView, taps: Taps) -> Message:
    """Greet in three taps: language, money, a first trade with a stop."""
    return Message(
        lines=tuple(lines_of(view, taps.words, is_tapped=True)),
        rows=_welcome_rows(view, taps),
    )


def _welcome_rows(view: WelcomeView, taps: Taps) -> Rows:
    if view.languages:
        return (tuple(_language(code, view.ticket, taps) for code in view.languages),)
    if view.currency is None or view.balance is None:
        return (tuple(_currency(choice, view, taps) for choice in view.choices),)
    if not view.is_new:
        return ((taps.go("trades", "/trades"), taps.go("menu", "/menu")),)
    return (
        (first_trade(view.currency, taps),),
        (taps.go("practice", "/practice"), taps.go("menu", "/menu")),
    )


def _language(code: str, ticket: str | None, taps: Taps) -> Button:
    label = taps.say(f"language-{LANGUAGES.get(code, 'en')}")
    return taps.do(label, spelled(Start(language=code, ticket=ticket)))


def _currency(choice: tuple[str, Decimal], view: WelcomeView, taps: Taps) -> Button:
    currency, amount = choice
    start = Start(currency=currency, language=taps.words.locale, ticket=view.ticket)
    return taps.do(taps.words.money(amount, currency), spelled(start))


def first_trade(currency: str, taps: Taps) -> Button:
    """Return the one tap that opens a first trade with a stop."""
    amount = FIRST.get(currency, FIRST_USUAL)
    label = taps.say("first", amount=f"R$ {amount}" if currency == "BRL" else amount)
    return taps.once(label, f"/buy btc {amount} sl=2%", Tone.GOOD)


def export(view: ExportView, taps: Taps) -> Message:
    """Hand out a person's data."""
    lines = tuple(lines_of(view, taps.words))
    return Message(lines=lines, file=File(filename=view.filename, content=view.content))
