"""Buttons of the menu, plans, practice, linking, settings, groups and of the host."""

from bot.conversation.presses import PressKind, hidden_line
from bot.grammar.requests import Plan, Unlink
from bot.messages import Button, Message, Tone
from bot.messages.account import first_trade
from bot.messages.taps import Rows, Taps, in_rows, turning
from bot.views import (
    AdminDoneView,
    BroadcastView,
    CardView,
    ChartView,
    GroupView,
    HandOffView,
    HealthView,
    LinkedView,
    LinkView,
    MenuView,
    PlansView,
    PracticeStep,
    PracticeView,
    ReceiptView,
    SettingsView,
    ShareView,
)
from bot.views.paging import page_rows
from bot.views.plain import lines_of

COOLDOWNS = ("0", "5", "30")


def menu(view: MenuView, taps: Taps) -> Message:
    """Show everything; a newcomer's first trade stands first."""
    count = view.open_count
    trades = taps.say("trades-count", count=str(count)) if count else taps.say("trades")
    rows: Rows = (
        (
            taps.do(trades, "/trades"),
            taps.step(taps.say("buy"), "/buy"),
            taps.step(taps.say("short"), "/short"),
        ),
        (
            taps.go("balance", "/balance"),
            taps.go("history", "/history"),
            taps.go("alerts", "/alerts"),
        ),
        (
            taps.go("chart", "/chart"),
            taps.go("settings", "/settings"),
            taps.go("help", "/help"),
        ),
        (taps.go("practice", "/practice"),),
    )
    first = ((first_trade(view.currency, taps),),) if view.is_new else ()
    return Message(lines=_tapped(view, taps), rows=(*first, *rows))


def plans(view: PlansView, taps: Taps) -> Message:
    """Show saved plans, each with a button that begins an order with it."""
    buttons = [
        taps.step(taps.say("plan", name=row.name), f"/buy plan={row.name}")
        for row in page_rows(view.rows, view.page)
    ]
    paging = turning(view.rows, view.page, _plans_line, taps)
    return Message(
        lines=_tapped(view, taps),
        rows=(*in_rows(buttons, 2), *paging, (taps.go("menu", "/menu"),)),
    )


def _plans_line(page: int) -> str:
    return hidden_line(Plan(page=page)) or "/plan"


def practice(view: PracticeView, taps: Taps) -> Message:
    """Show a step of the practice minute, silent and without buttons that trade."""
    lines = tuple(lines_of(view, taps.words))
    if view.step is not PracticeStep.EVENT:
        rows: Rows = ()
        if view.step is PracticeStep.END:
            buy = taps.step(taps.say("buy"), "/buy")
            rows = ((buy, taps.go("practice", "/practice"), taps.go("menu", "/menu")),)
        return Message(lines=lines, rows=rows, is_silent=True)
    event = view.event
    picture = event if isinstance(event, CardView | ChartView) else None
    return Message(lines=lines, picture=picture, is_silent=True)


def share(view: ShareView, taps: Taps) -> Message:
    """Ask in which room a card shall be shown."""
    line = f"/share {view.number}"
    copied = taps.line(line)
    button = Button(label=taps.say("copy", code=copied), copied=copied)
    return Message(lines=_tapped(view, taps), rows=((button,),), asks_room=line)


def link(view: LinkView, taps: Taps) -> Message:
    """Show a code, to be copied with its command."""
    copied = taps.line(f"/link {view.code}")
    button = Button(label=taps.say("copy", code=view.code), copied=copied)
    return Message(lines=tuple(lines_of(view, taps.words)), rows=((button,),))


def linked(view: LinkedView, taps: Taps) -> Message:
    """Show that a chat was joined; where it was not done, it can be undone."""
    lines = tuple(lines_of(view, taps.words))
    if view.is_here:
        rows = ((taps.go("trades", "/trades"), taps.go("menu", "/menu")),)
        return Message(lines=lines, rows=rows)
    line = hidden_line(Unlink(view.channel))
    assert line is not None, "nobody types an unlink"
    return Message(lines=lines, rows=((taps.do(taps.say("undo"), line, Tone.BAD),),))


def settings(view: SettingsView, taps: Taps) -> Message:
    """Show a row per setting, the present value marked."""
    platforms = list(dict.fromkeys(row.channel.partition(":")[0] for row in view.channels))
    told = {row.channel.partition(":")[0] for row in view.channels if row.is_told}
    chosen = "all" if len(told) == len(platforms) else next(iter(sorted(told)), "")
    rows = [
        _choices("confirm", ("always", "buttons", "never"), view.confirm, taps),
        _choices("money", ("shown", "hidden"), view.card_money, taps),
        _choices("theme", ("dark", "light"), view.theme, taps),
    ]
    if len(platforms) > 1:
        rows.append(_alerts(platforms, chosen, taps))
    rows += [_languages("/language", view.locale, ("en", "pt"), taps), _further(taps)]
    return Message(lines=_tapped(view, taps), rows=tuple(rows))


def _choices(name: str, values: tuple[str, ...], present: str, taps: Taps) -> tuple[Button, ...]:
    return tuple(
        taps.marked(
            taps.do(taps.say(f"{name}-{value}"), f"/settings {name} {value}"),
            is_chosen=value == present,
        )
        for value in values
    )


def _alerts(platforms: list[str], chosen: str, taps: Taps) -> tuple[Button, ...]:
    named = [("all", taps.say("alerts-all"))]
    named += [(each, taps.words.say(f"chat-{each}")) for each in platforms]
    return tuple(
        taps.marked(taps.do(label, f"/settings alerts {value}"), is_chosen=value == chosen)
        for value, label in named
    )


def _languages(
    command: str, locale: str | None, codes: tuple[str, ...], taps: Taps
) -> tuple[Button, ...]:
    present = locale.partition("-")[0] if locale else "each"
    return tuple(
        taps.marked(
            taps.do(taps.say(f"language-{code}"), f"{command} {code}"), is_chosen=code == present
        )
        for code in codes
    )


def _further(taps: Taps) -> tuple[Button, ...]:
    return (
        taps.form(taps.say("zone"), "/timezone"),
        taps.go("link", "/link"),
        taps.go("menu", "/menu"),
    )


def group(view: GroupView, taps: Taps) -> Message:
    """Show what holds in a group, for whoever administers it."""
    pauses = tuple(
        taps.marked(
            taps.do(_pause(seconds, taps), f"/group cooldown {seconds}"),
            is_chosen=int(seconds) == view.cooldown_seconds,
        )
        for seconds in COOLDOWNS
    )
    languages = _languages("/group language", view.locale, ("en", "pt", "each"), taps)
    return Message(lines=_tapped(view, taps), rows=(languages, pauses))


def _pause(seconds: str, taps: Taps) -> str:
    return taps.say("cooldown", seconds=seconds) if seconds != "0" else taps.say("cooldown-none")


def hand_off(view: HandOffView, taps: Taps) -> Message:
    """Invite to go on in private, with what was asked for."""
    button = taps.press(taps.say("private"), PressKind.PARKED, view.ticket)
    return Message(lines=tuple(lines_of(view, taps.words)), rows=((button,),))


def health(view: HealthView, taps: Taps) -> Message:
    """Show the host's view, and his switch."""
    switch = "resume" if view.is_paused else "pause"
    is_well = view.database_is_up and view.is_armed and not view.is_paused
    return Message(
        lines=tuple(lines_of(view, taps.words)),
        rows=((taps.go("refresh", "/admin health"), taps.go(switch, f"/admin {switch}")),),
        tone=Tone.PLAIN if is_well else Tone.BAD,
    )


def receipt(view: ReceiptView, taps: Taps) -> Message:
    """Show what a restart found."""
    health_button = taps.go("health", "/admin health")
    return Message(lines=tuple(lines_of(view, taps.words)), rows=((health_button,),))


def admin_done(view: AdminDoneView, taps: Taps) -> Message:
    """Show that a host's order was carried out."""
    health_button = taps.go("health", "/admin health")
    return Message(lines=tuple(lines_of(view, taps.words)), rows=((health_button,),))


def broadcast(view: BroadcastView, taps: Taps) -> Message:
    """Show a host's words."""
    return Message(lines=tuple(lines_of(view, taps.words)))


def _tapped(
    view: MenuView | PlansView | SettingsView | GroupView | ShareView, taps: Taps
) -> tuple[str, ...]:
    return tuple(lines_of(view, taps.words, is_tapped=True))
