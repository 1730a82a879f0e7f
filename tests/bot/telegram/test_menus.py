"""Telegram's own command menus: by scope and language, told when they changed and never else."""

from bot.grammar.catalogue import COMMANDS, Audience, Group
from bot.surfaces.telegram.menus import PERSONAL, STORED, command_menus
from tests.bot.telegram.scene import scene, until
from tests.bot.views.samples import CATALOG


async def test_menus_are_told_once_by_scope_and_language():
    async with scene(begin=False) as it:
        host = it.server.user(9, "Host")
        await host.starts()
        it.starts(hosts=frozenset({"9"}))
        await until(lambda: STORED in it.house.values)
        assert len(it.server.calls("setMyCommands")) == 8
        await it.ends()
        it.starts(hosts=frozenset({"9"}))
        await it.is_up()
        await it.server.user(7).says("hello")
        await it.server.user(7).next()
        assert len(it.server.calls("setMyCommands")) == 8
        english, portuguese = it.server.user(7), it.server.user(8, "Rui", "pt-br")
        names = {row["command"] for row in english.menu()}
        assert {"buy", "trades", "help", "start"} <= names
        assert not {"group", "admin", "wait", "quit", "yes"} & names
        assert {"comprar", "operacoes", "ajuda"} <= {row["command"] for row in portuguese.menu()}
        assert "admin" in {row["command"] for row in it.server.user(9).menu()}
        group = it.server.group(-100, "Desk", host, english)
        in_group = {row["command"] for row in english.menu(group)}
        assert {"price", "buy"} <= in_group
        assert not {"balance", "reset", "admin", "group"} & in_group
        group.put(english.account, "administrator")
        assert {"price", "buy", "group"} <= {row["command"] for row in english.menu(group)}


async def test_a_host_without_a_chat_waits_for_the_next_start():
    async with scene(hosts=frozenset({"9"})) as it:
        it.server.user(9, "Host")
        await until(lambda: len(it.server.calls("setMyCommands")) == 8)
        await it.ends()
        assert it.house.values.get(STORED) is None
        await it.server.user(9).starts()
        it.starts(hosts=frozenset({"9"}))
        await until(lambda: STORED in it.house.values)
        assert "admin" in {row["command"] for row in it.server.user(9).menu()}


async def test_a_menu_of_ones_own_is_told_once_and_again_with_other_commands():
    async with scene() as it:
        ana = it.server.user(7, "Ana", "en")
        it.talks.chosen["7"] = "pt-BR"
        stored = f"{PERSONAL}7"
        await until(lambda: STORED in it.house.values)
        for _ in range(2):
            await ana.says("hello")
            await ana.next()
        await until(lambda: it.house.values.get(stored))
        assert len(it.server.calls("setMyCommands")) == 7
        assert "comprar" in {row["command"] for row in ana.menu()}
        await it.ends()
        it.house.values[stored] = "pt-BR of-before"
        it.starts()
        await it.is_up()
        await ana.says("hello")
        await until(lambda: it.house.values[stored] != "pt-BR of-before")
        assert len(it.server.calls("setMyCommands")) == 8
        it.talks.chosen["7"] = "en"
        await ana.says("hello")
        await until(lambda: it.house.values[stored] is None)
        assert "buy" in {row["command"] for row in ana.menu()}


async def test_a_menu_of_ones_own_that_is_refused_holds_up_nothing():
    async with scene() as it:
        ana = it.server.user(7, "Ana", "en")
        await until(lambda: STORED in it.house.values)
        it.server.faults.fail("setMyCommands", 500, times=None)
        it.talks.chosen["7"] = "pt-BR"
        for _ in range(2):
            await ana.says("hello")
            await ana.next()
        assert f"{PERSONAL}7" not in it.house.values


async def test_a_server_that_refuses_the_menus_stops_nothing():
    async with scene(begin=False) as it:
        it.server.faults.fail("setMyCommands", 500, times=None)
        it.starts()
        await it.is_up()
        await it.server.user(7).says("hello")
        await it.server.user(7).next()
        assert STORED not in it.house.values


def test_menus_follow_the_catalogue_in_both_languages():
    menus = command_menus(CATALOG, frozenset({"9"}), "pt-BR")
    assert [(menu.scope.type, menu.language) for menu in menus] == [
        ("all_private_chats", ""),
        ("all_group_chats", ""),
        ("all_chat_administrators", ""),
        ("chat", ""),
        ("all_private_chats", "en"),
        ("all_group_chats", "en"),
        ("all_chat_administrators", "en"),
        ("chat", "en"),
    ]
    assert menus[0].commands[0][0] == "comprar"
    wanted = {
        one.words[0]
        for one in COMMANDS
        if one.audience in (Audience.ANYONE, Audience.OWNER) and one.group is not Group.ANSWER
    }
    assert {name for name, _ in menus[4].commands} == wanted
    assert all(3 <= len(text) <= 100 for menu in menus for _, text in menu.commands)
    assert all(len(menu.commands) <= 100 for menu in menus)
