"""`/settings`, `/group`, `/menu`: what a person, or a room, has chosen."""

from msgspec import structs

from bot.grammar.requests import GroupSettings, Settings
from bot.use_cases.context import Caller, Context
from bot.views import ChannelRow, GroupView, MenuView, ProblemCode, ProblemView, SettingsView, View

COLUMNS = {"confirm": "confirm", "money": "card_money", "theme": "theme"}


async def settings(context: Context, caller: Caller, request: Settings) -> View:
    """Show the settings, after changing one if that is asked."""
    user_id, books = caller.person.user_id, context.books
    if request.name == "alerts":
        channels = await books.channels(user_id)
        mine = frozenset(one.platform for one in channels)
        wanted = mine if request.value == "all" else mine & {request.value or ""}
        if not wanted:
            return ProblemView(code=ProblemCode.NOT_LINKED, suggestion="/link")
        await books.set_told(user_id, wanted)
    elif request.name is not None:
        await books.set_setting(user_id, COLUMNS[request.name], request.value or "")
    identity = caller.identity
    person = await books.person(identity.platform, identity.id) or caller.person
    return SettingsView(
        locale=person.locale,
        zone=person.zone,
        confirm=person.confirm,
        card_money=person.card_money,
        theme=person.theme,
        channels=tuple(
            ChannelRow(channel=one.name, is_told=one.is_told, is_gone=one.gone_reason is not None)
            for one in await books.channels(user_id)
        ),
        changed=request.name,
    )


async def group_settings(
    context: Context, platform: str, room_id: str, request: GroupSettings
) -> View:
    """Show what holds in a room, after changing it; who may is looked up before."""
    room = await context.house.room(platform, room_id)
    if request.name == "language":
        locale = None if request.value == "each" else request.value
        room = structs.replace(room, locale=locale)
    elif request.name == "cooldown":
        room = structs.replace(room, cooldown_seconds=int(request.value or "0"))
    if request.name is not None:
        await context.house.set_room(platform, room_id, room)
    return GroupView(
        locale=room.locale, cooldown_seconds=room.cooldown_seconds, changed=request.name
    )


async def menu(context: Context, caller: Caller) -> View:
    """Show what can be done from here."""
    user_id = caller.person.user_id
    trades = await context.books.open_trades(user_id)
    is_new = not trades and await context.books.entry(user_id, None) is None
    return MenuView(open_count=len(trades), is_new=is_new, currency=caller.person.currency)
