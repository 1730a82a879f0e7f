"""Menu, plans, practice, linking, settings and groups in plain text.

A `tapped_` writer leaves out how to type what stands beside it as a button.
"""

from bot.grammar.requests import LevelText, SizeText
from bot.grammar.words import in_words_of
from bot.text.words import Words
from bot.views.house import (
    GroupView,
    HandOffView,
    LinkedView,
    LinkView,
    MenuView,
    PlanRow,
    PlansView,
    SettingsView,
    ShareView,
)
from bot.views.plain.pieces import level_word, size_word, try_line

CHATS = frozenset({"telegram", "discord", "terminal"})


def menu(view: MenuView, words: Words) -> list[str]:
    """Write what can be typed from here."""
    return [*tapped_menu(view, words), words.say("menu-hint")]


def tapped_menu(view: MenuView, words: Words) -> list[str]:
    """Write where one stands."""
    if view.is_new:
        return [words.say("menu-new"), words.say("menu-new-detail")]
    return [words.say("menu-title", count=view.open_count)]


def plans(view: PlansView, words: Words) -> list[str]:
    """Write the saved plans, and how one is saved or used."""
    lines = tapped_plans(view, words)
    if not view.rows:
        return [*lines, try_line("/plan default 500 sl2% tp4%", words)]
    return [*lines, words.say("plans-hint", name=view.rows[0].name)]


def tapped_plans(view: PlansView, words: Words) -> list[str]:
    """Write the saved plans, a change first."""
    lines: list[str] = []
    if view.saved is not None:
        lines.append(words.say("plans-saved", name=view.saved))
    if view.removed is not None:
        lines.append(words.say("plans-removed", name=view.removed))
    if not view.rows:
        return [*lines, words.say("plans-none"), words.say("plans-none-detail")]
    title = words.say("plans-title", count=len(view.rows))
    rows = [_plan(row, view.currency, words) for row in view.rows]
    return [*(lines or [title]), *rows]


def _plan(row: PlanRow, currency: str, words: Words) -> str:
    size, stop, target = row.size, row.stop, row.target
    parts = [
        _size_part(size, currency, words),
        _level_part("plans-stop", stop, words),
        _level_part("plans-target", target, words),
    ]
    told = " · ".join(part for part in parts if part) or words.say("plans-empty")
    return words.say("plans-row", name=row.name, parts=told)


def _size_part(size: SizeText | None, currency: str, words: Words) -> str:
    return "" if size is None else size_word(size, currency, words)


def _level_part(message_id: str, level: LevelText | None, words: Words) -> str:
    return "" if level is None else words.say(message_id, level=level_word(level, words))


def share(view: ShareView, words: Words) -> list[str]:
    """Ask where a card shall be shown."""
    number = str(view.number)
    return [
        words.say("share-title", number=number),
        words.say("share-detail"),
        words.say("share-line", line=in_words_of(f"/share {number}", words.locale)),
    ]


def link(view: LinkView, words: Words) -> list[str]:
    """Write a code, where it goes, until when, and that it is a secret."""
    lines = [
        words.say("link-title", code=view.code),
        words.say("link-detail", time=words.minute(view.expires_at_ms)),
        words.say("link-line", line=in_words_of(f"/link {view.code}", words.locale)),
        words.say("link-warning"),
    ]
    if len(view.channels) < 2:
        return lines
    chats = ", ".join(chat_name(channel, words) for channel in view.channels)
    return [*lines, words.say("link-chats", chats=chats)]


def linked(view: LinkedView, words: Words) -> list[str]:
    """Write that a chat was joined: in it, and in the others."""
    if view.is_here:
        return [words.say("linked-here"), words.say("linked-here-detail")]
    chat = chat_name(view.channel, words)
    title = words.say("linked-there", chat=chat, name=view.name)
    return [title, words.say("linked-there-detail")]


def chat_name(channel: str, words: Words) -> str:
    """Name a channel's platform: `telegram:123` is Telegram."""
    platform = channel.partition(":")[0]
    return words.say(f"chat-{platform}") if platform in CHATS else platform.capitalize()


def settings(view: SettingsView, words: Words) -> list[str]:
    """Write every setting, and how one is changed."""
    return [*tapped_settings(view, words), words.say("settings-hint")]


def tapped_settings(view: SettingsView, words: Words) -> list[str]:
    """Write every setting, the one that was just set first of all."""
    values = {
        "confirm": words.say(f"setting-{view.confirm}"),
        "money": words.say(f"setting-{view.card_money}"),
        "theme": words.say(f"setting-{view.theme}"),
        "alerts": _told(view, words),
        "language": words.say(f"button-language-{view.locale.partition('-')[0]}"),
        "zone": view.zone,
    }
    lines = {name: words.say(f"settings-{name}", value=value) for name, value in values.items()}
    changed = lines.pop(view.changed, None) if view.changed else None
    title = words.say("settings-title")
    first = words.say("settings-saved", line=changed) if changed else title
    gone = [
        words.say("settings-gone", chat=chat_name(row.channel, words))
        for row in view.channels
        if row.is_gone
    ]
    return [first, *lines.values(), *gone]


def _told(view: SettingsView, words: Words) -> str:
    told = [row for row in view.channels if row.is_told]
    if len(told) == len(view.channels):
        return words.say("setting-all")
    return ", ".join(chat_name(row.channel, words) for row in told) or words.say("setting-none")


def group(view: GroupView, words: Words) -> list[str]:
    """Write what holds in a group, and how it is changed."""
    return [*tapped_group(view, words), words.say("group-hint")]


def tapped_group(view: GroupView, words: Words) -> list[str]:
    """Write what holds in a group."""
    language = "each" if view.locale is None else view.locale.partition("-")[0]
    spoken = words.say("group-each" if language == "each" else f"button-language-{language}")
    seconds = view.cooldown_seconds
    pause = words.span(seconds * 1_000) if seconds else words.say("group-no-cooldown")
    return [
        words.say("group-saved" if view.changed else "group-title"),
        words.say("group-language", value=spoken),
        words.say("group-cooldown", value=pause),
    ]


def hand_off(view: HandOffView, words: Words) -> list[str]:
    """Write that the answer is given in private."""
    return [words.say("hand-off-title", name=view.name), words.say("hand-off-detail")]
