"""Questions in plain text: a preview with a yes or no, or numbered answers.

A `tapped_` writer leaves out how to type what stands beside it as a button.
"""

from itertools import chain, repeat

from bot.grammar.requests import Open
from bot.grammar.words import in_words_of, renumbered
from bot.text.words import Words
from bot.views.paging import page_rows
from bot.views.plain.pieces import (
    direction_word,
    level_word,
    pair_word,
    price_word,
    row_heads,
    row_lines,
    share_word,
    size_word,
)
from bot.views.questions import (
    LETTERS,
    AskCode,
    AskView,
    ChoiceView,
    ConfirmKind,
    ConfirmView,
    Option,
)
from bot.views.trades import TradeRow
from engine.core.instrument import Direction
from engine.core.numbers import ONE, ZERO


def confirm(view: ConfirmView, words: Words) -> list[str]:
    """Write a preview, and what answers it."""
    return [*_preview(view, view.rows, words), words.say("confirm-answer")]


def tapped_confirm(view: ConfirmView, words: Words) -> list[str]:
    """Write a preview; of the trades of a group, those of the page that is shown."""
    return _preview(view, page_rows(view.rows, view.page), words)


def _preview(view: ConfirmView, rows: tuple[TradeRow, ...], words: Words) -> list[str]:
    if view.kind is ConfirmKind.CLOSE:
        return [_close(view, words), *row_lines(rows, view.currency, words)]
    writers = {
        ConfirmKind.RESET: _reset,
        ConfirmKind.DELETE_ME: _delete,
        ConfirmKind.OPEN: _open,
        ConfirmKind.LINK: _link,
        ConfirmKind.BROADCAST: _broadcast,
    }
    return writers[view.kind](view, words)


def _close(view: ConfirmView, words: Words) -> str:
    pnl = view.pnl or ZERO
    placeholders = {
        "count": len(view.rows),
        "trade": _first_trade(view, words),
        "arrow": words.arrow(pnl),
        "money": words.money(pnl, view.currency, is_signed=True),
    }
    if view.share == ONE:
        return words.say("confirm-close", **placeholders)
    share = share_word(view.share, words)
    return words.say("confirm-close-share", share=share, **placeholders)


def _first_trade(view: ConfirmView, words: Words) -> str:
    rows = view.rows[:1]
    return "".join(f"#{row.number} {words.coin(row.instrument, view.currency)}" for row in rows)


def _reset(view: ConfirmView, words: Words) -> list[str]:
    money = words.money(view.starting_balance or ZERO, view.currency)
    detail = words.say("confirm-reset-detail", count=view.open_count)
    return [words.say("confirm-reset", money=money), detail]


def _delete(view: ConfirmView, words: Words) -> list[str]:
    del view
    return [words.say("confirm-delete"), words.say("confirm-delete-detail")]


def _open(view: ConfirmView, words: Words) -> list[str]:
    order = view.on_yes
    assert isinstance(order, Open), "an OPEN question previews an entry"
    assert order.symbol is not None, "a previewed entry names its coin"
    assert order.size is not None, "a previewed entry has an amount"
    title = words.say(
        "confirm-open",
        pair=view.pair or pair_word(order.symbol),
        direction=direction_word(order.direction, words),
        size=size_word(order.size, view.currency, words),
    )
    exits = [
        words.say(f"confirm-open-{name}", level=level_word(level, words, view.instrument))
        for name, level in (("stop", order.stop), ("target", order.target))
        if level is not None
    ]
    lines = [title, " · ".join(exits) or words.say("confirm-open-bare")]
    if view.price is not None:
        price = price_word(view.price, view.instrument, words)
        lines.append(words.say("confirm-open-now", price=price))
    return lines


def _link(view: ConfirmView, words: Words) -> list[str]:
    title, left = words.say("confirm-link"), view.savings
    if left is None:
        return [title, words.say("confirm-link-nothing")]
    money = words.money(left.balance, left.currency)
    trades = words.say("confirm-link-trades", count=left.closed_count)
    lines = [title, words.say("confirm-link-left", money=money), trades]
    if left.alert_count:
        lines.append(words.say("confirm-link-alerts", count=left.alert_count))
    return [*lines, words.say("confirm-link-final")]


def _broadcast(view: ConfirmView, words: Words) -> list[str]:
    planned = view.broadcast
    assert planned is not None, "a BROADCAST question previews its text"
    people = words.whole(planned.count)
    title = words.say("confirm-broadcast", count=planned.count, people=people)
    return [title, *planned.text.splitlines()]


def ask(view: AskView, words: Words) -> list[str]:
    """Write one step's question."""
    question = words.say(f"ask-{view.code.value}", coin=pair_word(view.coin))
    return [f"{question} {words.say('ask-leave')}"]


def tapped_ask(view: AskView, words: Words) -> list[str]:
    """Write one step's question, the order so far, and the price it is about."""
    if view.code in (AskCode.LEVEL_STOP, AskCode.LEVEL_TARGET):
        number = view.line.partition(" ")[2] or "…"
        title = words.say(f"ask-step-{view.code.value}", number=number)
        lines = [title, words.say("ask-from-entry")]
    else:
        lines = [words.say(f"ask-step-{view.code.value}", coin=pair_word(view.coin))]
    if view.code in (AskCode.STOP, AskCode.TARGET):
        line = in_words_of(view.line, words.locale)
        lines.append(words.say("ask-so-far", line=line))
    if view.price is not None:
        price = price_word(view.price, view.instrument, words)
        lines.append(words.say("ask-now", price=price))
    return lines


def choice(view: ChoiceView, words: Words) -> list[str]:
    """Write a question with its answers, numbered, each with the line that does the same.

    Beyond the last letter a trade is named by its number, or by that line.
    """
    letters = chain(LETTERS, repeat(" "))
    answers = [
        words.say(
            "choice-option",
            letter=letter,
            label=option_label(option, view.currency, words),
            line=in_words_of(option.line, words.locale),
        )
        for letter, option in zip(letters, view.options, strict=False)
    ]
    return [*tapped_choice(view, words), *answers]


def tapped_choice(view: ChoiceView, words: Words) -> list[str]:
    """Write a question without its answers."""
    typed = renumbered(view.facts.get("typed", "…"), words.locale)
    coin = view.facts.get("coin", "any")
    return [words.say(f"choice-{view.code.value}", coin=coin, typed=typed)]


def option_label(option: Option, currency: str, words: Words) -> str:
    """Name one answer."""
    if option.row is not None and option.row.pnl is None:
        return row_heads((option.row,), currency, words)[0]
    if option.row is not None:
        return row_lines((option.row,), currency, words)[0]
    if option.level is not None:
        return level_word(option.level, words)
    if option.label:
        return renumbered(option.label, words.locale)
    is_short = isinstance(option.request, Open) and option.request.direction is Direction.SHORT
    return words.say("choice-short" if is_short else "choice-buy")
