"""Money, results, settings and greetings in plain text."""

from bot.text.words import Words
from bot.views.account import (
    BalanceView,
    DoneCode,
    DoneView,
    ExportView,
    HistoryRow,
    HistoryView,
    PnlRow,
    PnlView,
    WelcomeView,
)
from bot.views.plain.house import chat_name
from bot.views.plain.pieces import row_lines
from bot.views.trades import TradeRow


def balance(view: BalanceView, words: Words) -> list[str]:
    """Write what is free, what is bound, and what it is all worth."""
    gain = view.equity - view.start
    lines = [
        words.say("balance-title", money=words.money(view.balance, view.currency)),
        words.say(
            "balance-reserved",
            money=words.brief(view.reserved, view.currency),
            arrow=words.arrow(view.unrealized_pnl),
            pnl=words.amount(view.unrealized_pnl, is_signed=True),
        ),
        words.say("balance-equity", money=words.brief(view.equity, view.currency)),
        words.say(
            "balance-since",
            arrow=words.arrow(gain),
            money=words.brief(gain, view.currency, is_signed=True),
            percent=words.percent(gain / view.start, is_signed=True, is_full=True),
        ),
    ]
    return lines if view.is_live else [*lines, words.say("balance-old")]


def pnl(view: PnlView, words: Words) -> list[str]:
    """Write the results of three periods, and what is open."""
    periods = {"today": view.today, "week": view.week, "all": view.all_time}
    names = {name: words.say(f"pnl-{name}") for name in periods}
    width = max(map(len, names.values()))
    lines = [words.say("pnl-title", currency=view.currency)]
    lines += [_pnl_row(f"{names[name]:{width}}", row, words) for name, row in periods.items()]
    opened = words.say(
        "pnl-open",
        count=view.open_count,
        arrow=words.arrow(view.unrealized_pnl),
        money=words.amount(view.unrealized_pnl, is_signed=True),
    )
    return [*lines, opened] if view.open_count else lines


def _pnl_row(period: str, row: PnlRow, words: Words) -> str:
    return words.say(
        "pnl-row",
        period=period,
        arrow=words.arrow(row.realized_pnl),
        money=words.amount(row.realized_pnl, is_signed=True),
        closed=row.closed_count,
        won=row.winner_count,
    )


def history(view: HistoryView, words: Words) -> list[str]:
    """Write one page of closed trades, two lines each, and how to see the next."""
    lines = tapped_history(view, words)
    if view.page < view.page_count:
        lines.append(words.say("history-more", page=str(view.page + 1)))
    return lines


def tapped_history(view: HistoryView, words: Words) -> list[str]:
    """Write one page of closed trades, two lines each."""
    if not view.rows:
        return [words.say("history-none")]
    heads = row_lines(tuple(_as_trade_row(row) for row in view.rows), view.currency, words)
    lines = [words.say("history-title", page=str(view.page), pages=str(view.page_count))]
    for head, row in zip(heads, view.rows, strict=True):
        lines += [head, "  " + _history_detail(row, words)]
    return lines


def _as_trade_row(row: HistoryRow) -> TradeRow:
    return TradeRow(
        number=row.number,
        instrument=row.instrument,
        direction=row.direction,
        pnl=row.pnl,
        return_ratio=row.return_ratio,
    )


def _history_detail(row: HistoryRow, words: Words) -> str:
    return words.say(
        "history-row-detail",
        reason=words.say(f"reason-{row.reason.value}"),
        when=words.day_and_minute(row.closed_at_ms),
        held=words.span(row.closed_at_ms - row.opened_at_ms),
    )


def done(view: DoneView, words: Words) -> list[str]:
    """Write that something was done."""
    name = view.facts.get("name", "…")
    if view.code is DoneCode.UNLINKED:
        name = chat_name(name, words)
    if view.code is DoneCode.RESET and view.amount is not None and view.currency is not None:
        money = words.money(view.amount, view.currency)
        detail = words.say("done-reset-detail", count=int(view.facts.get("count", "0")))
        return [words.say("done-reset", money=money), detail]
    lines = [words.say(f"done-{view.code.value}", name=name, money="…")]
    return [*lines, words.say("done-deleted-detail")] if view.code is DoneCode.DELETED else lines


def welcome(view: WelcomeView, words: Words) -> list[str]:
    """Greet: a new person with a choice of money, a known one with where he stands."""
    if view.languages:
        hints = ("welcome-language", "welcome-language-also")
        return [*tapped_welcome(view, words), *(words.say(hint) for hint in hints)]
    if view.currency is None or view.balance is None:
        answers = [
            words.say("welcome-choice", number=str(number), money=words.money(amount, currency))
            for number, (currency, amount) in enumerate(view.choices, start=1)
        ]
        return [*tapped_welcome(view, words), *answers]
    if view.is_new:
        return [*_begun(view, words), words.say("welcome-try")]
    return tapped_welcome(view, words)


def tapped_welcome(view: WelcomeView, words: Words) -> list[str]:
    """Greet, and ask what is to be chosen first."""
    if view.languages:
        return [*_introduction(view, words), words.say("welcome-which-language")]
    if view.currency is None or view.balance is None:
        return [*_introduction(view, words), words.say("welcome-which")]
    if view.is_new:
        return [*_begun(view, words), words.say("welcome-first")]
    money = words.money(view.balance, view.currency)
    back = words.say("welcome-back", name=view.name, money=money)
    return [back, words.say("welcome-open", count=view.open_count)]


def _begun(view: WelcomeView, words: Words) -> list[str]:
    assert view.balance is not None, "a person with a currency has a balance"
    money = words.money(view.balance, view.currency or "")
    return [*_introduction(view, words), words.say("welcome-money", money=money)]


def _introduction(view: WelcomeView, words: Words) -> list[str]:
    return [
        words.say("welcome-new", name=view.name),
        words.say("welcome-invented" if view.is_invented else "welcome-what"),
    ]


def export(view: ExportView, words: Words) -> list[str]:
    """Write where a person's data is."""
    lines = [words.say("export-title", name=view.filename)]
    return [*lines, words.say("export-path", path=view.path)] if view.path else lines
