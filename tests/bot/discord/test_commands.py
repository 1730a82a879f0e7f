"""What Discord is told of the commands, and what a command becomes."""

import re

import pytest

from bot.grammar.catalogue import BY_NAME, Audience, offered
from bot.surfaces.discord.client import DiscordSettings, VigilanteClient
from bot.surfaces.discord.commands import DO, FromCatalog, fingerprint, line_of, payload
from tests.bot.discord.house import House
from tests.support.discord.command_rules import check_commands

NAME = re.compile(r"[-_\w]{1,32}")


async def told(hosts: frozenset[str] = frozenset()) -> dict[str, dict]:
    client = VigilanteClient(House().front, DiscordSettings(token="t", hosts=hosts))
    await client.tree.set_translator(FromCatalog())
    return {one["name"]: one for one in await payload(client.tree)}


async def test_every_command_of_the_catalogue_is_offered_under_its_names():
    commands = await told(frozenset({"1"}))
    expected = [*offered(Audience.ANYONE, Audience.OWNER), BY_NAME["group"], BY_NAME["admin"], DO]
    assert sorted(commands) == sorted(command.words[0] for command in expected)
    for command in expected:
        found = commands[command.words[0]]
        assert found["name_localizations"] == {"pt-BR": command.spoken}
        assert found["description"] != found["description_localizations"]["pt-BR"]


async def test_discord_takes_the_payload():
    commands = await told(frozenset({"1"}))
    check_commands(list(commands.values()))
    assert len(commands) <= 100
    for one in commands.values():
        for each in (one, *one.get("options", [])):
            pt = each["description_localizations"]["pt-BR"]
            assert 1 <= len(each["description"]) <= 100
            assert 1 <= len(pt) <= 100
            assert NAME.fullmatch(each["name"])
            assert NAME.fullmatch((each.get("name_localizations") or {}).get("pt-BR", each["name"]))


async def test_no_name_stands_for_two_commands_in_portuguese():
    names = [one["name_localizations"]["pt-BR"] for one in (await told()).values()]
    assert len(set(names)) == len(names)


async def test_an_order_has_typed_options_in_their_order():
    options = (await told())["buy"]["options"]
    assert [one["name"] for one in options] == ["coin", "amount", "stop", "target", "plan"]
    assert [bool(one.get("required")) for one in options] == [False] * 5
    assert [one["name_localizations"]["pt-BR"] for one in options] == [
        *("moeda", "valor", "stop", "alvo", "plano"),
    ]
    assert [bool(one.get("autocomplete")) for one in options] == [True, True, False, False, True]


async def test_fixed_values_are_choices_and_pages_are_numbers():
    commands = await told()
    (interval,) = [one for one in commands["chart"]["options"] if one["name"] == "interval"]
    assert [one["value"] for one in interval["choices"]] == [
        *("1m", "5m", "15m", "1h", "4h", "1d", "1w"),
    ]
    (page,) = commands["history"]["options"]
    assert (page["type"], page["min_value"]) == (4, 1)


async def test_commands_work_in_servers_in_private_and_as_a_user_install():
    commands = await told(frozenset({"1"}))
    group = commands.pop("group")
    assert (group["contexts"], group["integration_types"]) == ([0], [0])
    assert group["default_member_permissions"] == 32
    for one in commands.values():
        assert one["contexts"] == [0, 1, 2]
        assert one["integration_types"] == [0, 1]


async def test_admin_is_there_only_where_there_are_hosts():
    assert "admin" not in await told()
    assert (await told(frozenset({"1"})))["admin"]["default_member_permissions"] == 32


@pytest.mark.parametrize(
    ("command", "values", "line"),
    [
        (BY_NAME["buy"], {"amount": "500"}, "/buy 500"),
        (BY_NAME["close"], {"trade": "1", "share": "50"}, "/close 1 50%"),
        (BY_NAME["close"], {"share": "50"}, "/close 50%"),
        (BY_NAME["close"], {"trade": "50"}, "/close 50"),
        (BY_NAME["sl"], {"level": "60250"}, "/sl 60250.0"),
        (BY_NAME["sl"], {"trade": "1", "level": "60250"}, "/sl 1 60250"),
        (BY_NAME["chart"], {"interval": "4h"}, "/chart 4h"),
        (BY_NAME["buy"], {"coin": "btc", "amount": "500", "stop": "2 %"}, "/buy btc 500 sl=2%"),
        (BY_NAME["buy"], {"coin": "btc", "amount": None, "plan": "swing"}, "/buy btc plan=swing"),
        (BY_NAME["history"], {"page": 2}, "/history 2"),
        (BY_NAME["trades"], {"trade": None}, "/trades"),
        (DO, {"text": " 47   be\n"}, "47 be"),
    ],
)
def test_a_command_becomes_the_line_that_means_the_same(command, values, line):
    assert line_of(command, values) == line


def test_a_command_becomes_a_line_in_the_words_of_its_speaker():
    values = {"coin": "btc", "amount": "1.500,50", "stop": "2,5%", "target": "4%", "plan": "x"}
    line = line_of(BY_NAME["buy"], values, "pt-BR")
    assert line == "/comprar btc 1.500,50 stop=2,5% alvo=4% plano=x"


async def test_fixed_values_are_named_in_both_languages():
    (setting, _) = (await told())["settings"]["options"]
    first = setting["choices"][0]
    assert (first["value"], first["name"]) == ("confirm", "Ask first")
    assert first["name_localizations"] == {"pt-BR": "Perguntar antes"}


async def test_another_application_or_another_payload_is_told_again():
    payloads = list((await told()).values())
    assert fingerprint(1, payloads) == fingerprint(1, list((await told()).values()))
    assert fingerprint(1, payloads) != fingerprint(2, payloads)
    assert fingerprint(1, payloads) != fingerprint(1, payloads[1:])
