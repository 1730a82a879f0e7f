"""Groups: privacy mode, topics, standings, migration, and who sees what."""

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
)

from tests.support.telegram.library import client, keys, updates


async def test_in_a_group_the_bot_hears_commands_replies_and_news_alone(server, bot, ana):
    bob = server.user(8, "Bob")
    group = server.group(-100123, "Desk", ana, bob)
    await ana.adds_bot(group)
    await ana.says("nice weather", group)
    await ana.says("/price btc", group)
    await bob.says("/price@vigilante_bot eth", group)
    await bob.says("/price@other_bot eth", group)
    told = await bot.send_message(-100123, "61,480")
    await bob.says("and eth?", group, reply_to=await bob.next(group))
    heard = [item.message for item in await updates(bot) if item.message][1:]
    assert [item.text for item in heard] == [
        None,
        "/price btc",
        "/price@vigilante_bot eth",
        "and eth?",
    ]
    assert heard[0].new_chat_members[0].username == "vigilante_bot"
    assert heard[3].reply_to_message.message_id == told.message_id
    # A reply in a group without topics carries a thread id, which is none to send to.
    assert (heard[3].message_thread_id, heard[3].is_topic_message) == (told.message_id, None)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(-100123, "x", message_thread_id=told.message_id)
    await ana.makes_admin(group)
    await ana.says("anybody?", group)
    assert (await updates(bot))[-1].message.text == "anybody?"


async def test_a_topic_keeps_its_messages_together(server, bot, ana):
    group = server.group(-5, "Forum", ana, topics={12: "Trades"})
    await ana.adds_bot(group)
    await ana.says("/price btc", group, topic=12)
    heard = (await updates(bot))[-1].message
    assert (heard.message_thread_id, heard.is_topic_message, heard.chat.is_forum) == (
        12,
        True,
        True,
    )
    await heard.reply_text("x", message_thread_id=12)
    assert (await ana.next(group)).thread_id == 12
    for thread_id in (1, 13):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(-5, "x", message_thread_id=thread_id)
    group.closed_topics.add(12)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(-5, "x", message_thread_id=12)


async def test_a_bot_leaves_is_thrown_out_and_follows_a_migration(server, bot, ana):
    group = server.group(-5, "Desk", ana, kind="group")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(-5, "x")
    await ana.adds_bot(group)
    assert (await bot.get_chat_member(-5, 7)).status == "creator"
    assert (await bot.get_chat(-5)).title == "Desk"
    assert [item.user.id for item in await bot.get_chat_administrators(-5)] == [7]
    new = server.migrate(group, -1005)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-5, "x")
    assert moved.value.new_chat_id == -1005
    await bot.send_message(-1005, "x")
    assert (await ana.next(new)).text is not None
    await bot.leave_chat(-1005)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(-1005, "x")
    await ana.adds_bot(new)
    await ana.removes_bot(new)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(-1005, "x")
    standings = [item.my_chat_member for item in await updates(bot) if item.my_chat_member]
    assert [item.new_chat_member.status for item in standings] == [
        "member",
        "left",
        "member",
        "kicked",
    ]


async def test_a_person_sees_only_where_he_is(server, bot, ana):
    bob = server.user(8, "Bob")
    group = server.group(-5, "Desk", ana)
    await ana.adds_bot(group)
    await bot.send_message(7, "for Ana")
    card = await bot.send_message(-5, "for the desk", reply_markup=keys({"Close": "d"}))
    assert bob.messages() == bob.messages(group) == []
    with pytest.raises(AssertionError, match="does not see"):
        await bob.presses(group.messages[card.message_id], "Close")
    with pytest.raises(AssertionError, match="not a member"):
        await bob.says("hello", group)
    await bob.joins(group)
    assert bob.last(group).text == "for the desk"
    await bot.set_message_reaction(-5, card.message_id, "👍")
    assert bob.last(group).reactions == {server.bot.id: ["👍"]}
    await bot.delete_message(-5, card.message_id)
    assert bob.last(group) is None


async def test_strangers_masks_and_second_thoughts_reach_the_bot_as_they_do(server, bot, ana):
    other = server.new_bot("9:y", "other_bot", "Other")
    bob = server.user(8, "Bob")
    group = server.group(-5, "Desk", ana, bob, username="desk_group")
    await ana.adds_bot(group)
    await ana.adds_bot(group, other)
    await ana.says("/price btc", group, as_group=True)
    said = await bob.says("/price btc", group)
    await bob.edits(said, "/price eth")
    await bob.leaves(group)
    async with client(server, "9:y") as second:
        await second.send_message("@desk_group", "bots do not hear bots")
        with pytest.raises(Forbidden, match="bot can't send messages to bots"):
            await second.send_message(server.bot.id, "x")
        with pytest.raises(BadRequest, match="Message can't be deleted"):
            await second.delete_message(-5, said.id)
    heard = await updates(bot)
    masked, edited, left = heard[-4].message, heard[-2].edited_message, heard[-1].message
    assert (masked.from_user.username, masked.sender_chat.id) == ("GroupAnonymousBot", -5)
    assert (edited.text, edited.message_id) == ("/price eth", said.id)
    assert left.left_chat_member.id == 8
    group.is_read_only = True
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await bot.send_message(-5, "x")
    ana.account.is_deactivated = True
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(7, "x")
