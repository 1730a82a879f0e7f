"""Questions in plain text: a preview with a yes or no, or numbered answers."""

from string import ascii_lowercase

from bot.grammar.requests import LevelText, Open, SizeText
from bot.grammar.words import in_words_of
from bot.text.words import Words
from bot.views.plain.pieces import direction_word, row_heads, row_lines, share_word
from bot.views.questions import AskView, ChoiceView, ConfirmKind, ConfirmView, Option
from engine.core.instrument import Direction
from engine.core.numbers import ONE, ZERO


def confirm(view: ConfirmView, words: Words) -> list[str]:
    """Write a preview, and what answers it."""
    writers = {
        ConfirmKind.CLOSE: _close,
        ConfirmKind.RESET: _reset,
        ConfirmKind.DELETE_ME: _delete,
        ConfirmKind.OPEN: _open,
    }
    return [*writers[view.kind](view, words), words.say("confirm-answer")]


def _close(view: ConfirmView, words: Words) -> list[str]:
    pnl = view.pnl or ZERO
    placeholders = {
        "count": len(view.rows),
        "arrow": words.arrow(pnl),
        "money": words.money(pnl, view.currency, is_signed=True),
    }
    rows = row_lines(view.rows, view.currency, words)
    if view.share == ONE:
        return [words.say("confirm-close", **placeholders), *rows]
    share = share_word(view.share, words)
    return [words.say("confirm-close-share", share=share, **placeholders), *rows]


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
        pair=view.pair or order.symbol,
        direction=direction_word(order.direction, words),
        size=_size(order.size, view.currency, words),
    )
    exits = [
        words.say(f"confirm-open-{name}", level=_level(level, words))
        for name, level in (("stop", order.stop), ("target", order.target))
        if level is not None
    ]
    lines = [title, " · ".join(exits) or words.say("confirm-open-bare")]
    if view.price is not None:
        lines.append(words.say("confirm-open-now", price=words.quantity(view.price)))
    return lines


def _size(size: SizeText, currency: str, words: Words) -> str:
    if size.unit == "%":
        return words.percent(size.value / 100)
    unit = size.unit or currency
    if unit in {"", "BRL", "USDT"}:
        return words.money(size.value, unit) if unit else words.amount(size.value)
    return f"{words.quantity(size.value)} {unit}"


def _level(level: LevelText, words: Words) -> str:
    return words.percent(level.value / 100) if level.is_percent else words.quantity(level.value)


def ask(view: AskView, words: Words) -> list[str]:
    """Write one step's question."""
    question = words.say(f"ask-{view.code.value}", coin=view.coin)
    return [f"{question} {words.say('ask-leave')}"]


def choice(view: ChoiceView, words: Words) -> list[str]:
    """Write a question with its answers, numbered, each with the line that does the same."""
    facts = {"coin": "any", "typed": "…", "percent": "…"} | view.facts
    title = words.say(f"choice-{view.code.value}", **facts)
    answers = [
        words.say(
            "choice-option",
            letter=letter,
            label=_label(option, view.currency, words),
            line=in_words_of(option.line, words.locale),
        )
        for letter, option in zip(ascii_lowercase, view.options, strict=False)
    ]
    return [title, *answers]


def _label(option: Option, currency: str, words: Words) -> str:
    if option.row is not None and option.row.pnl is None:
        return row_heads((option.row,), currency, words)[0]
    if option.row is not None:
        return row_lines((option.row,), currency, words)[0]
    if option.label:
        return option.label
    is_short = isinstance(option.request, Open) and option.request.direction is Direction.SHORT
    return words.say("choice-short" if is_short else "choice-buy")
