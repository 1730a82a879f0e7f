"""What a person, or a room, has chosen."""

from bot.conversation.said import Room
from tests.bot.conversation.desk import open_desk
from tests.bot.use_cases.test_linking import code_of


async def test_alerts_go_where_he_says_and_only_to_chats_that_he_has(dsn):
    async with open_desk(dsn) as desk:
        ana, phone = await desk.opens(), desk.stranger(platform="discord")
        assert "not linked to your account" in await ana.says("/settings alerts discord")
        await phone.says(f"/link {code_of(await ana.says('/link'))}")
        books, user_id = desk.app.context.books, ana.person.user_id
        for value, told in (
            ("discord", {"discord"}),
            ("telegram", {"telegram"}),
            ("all", {"telegram", "discord"}),
        ):
            await ana.says(f"/settings alerts {value}")
            assert {one.platform for one in await books.channels(user_id) if one.is_told} == told
        assert "not linked to your account" in await ana.says("/settings alerts terminal")


async def test_settings_are_kept_and_shown_with_the_one_that_changed_first(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        assert (await ana.says("/settings money shown")).startswith("✅ Money on cards: shown")
        assert (await ana.says("/settings theme light")).startswith("✅ Pictures: light")
        assert (await ana.says("/settings confirm never")).startswith("✅ Ask first: never")
        identity = ana.person.identity
        person = await desk.app.context.books.person(identity.platform, identity.id)
        assert person is not None
        assert (person.card_money, person.theme, person.confirm) == ("shown", "light", "never")


async def test_only_who_administers_a_group_sets_what_holds_there(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        room = Room(id="-9", is_private=False)
        admin = ana.in_room(Room(id="-9", is_private=False, is_admin=True))
        assert "✕" in await ana.in_room(room).says("/group language pt")
        assert await ana.says("/group") == "✕ That works in a group only"
        await admin.says("/group language pt")
        await admin.says("/group cooldown 30")
        found = await desk.app.context.house.room("telegram", "-9")
        assert (found.locale, found.cooldown_seconds) == ("pt-BR", 30)
        await admin.says("/group language each")
        await admin.says("/group")
        found = await desk.app.context.house.room("telegram", "-9")
        assert (found.locale, found.cooldown_seconds) == (None, 30)


async def test_the_menu_knows_a_newcomer_from_a_trader(dsn):
    async with open_desk(dsn) as desk:
        ana = await desk.opens()
        fresh = await ana.says("/menu")
        await ana.says("/buy btc 100")
        assert await ana.says("/menu") != fresh
