"""One-time codes: guessed, spread, used again, too late, at once; undone; and being forgotten."""

import asyncio
import re

import pytest

from bot.delivery.courier import Handle
from bot.messages import Message
from tests.security.scene import House, Person, open_house, text_of
from tests.security.test_secrets import stored
from tests.support.shell import until

CODE = re.compile(r"/link ([A-Z0-9-]{8,9})")
WRONG = "ABCD2345"
TRIES = 5


@pytest.fixture
async def house(dsn):
    async with open_house(dsn) as found:
        yield found


async def code_of(house: House, person: Person) -> str:
    """Let somebody ask for a code in private, and read it."""
    text = text_of(await house.hears(person, house.room(), line="/link"))
    found = CODE.search(text)
    assert found, text
    return found[1]


async def tries(house: House, person: Person, code: str) -> str:
    return text_of(await house.hears(person, house.room(), line=f"/link {code}"))


async def account_of(house: House, person: Person) -> int:
    identity = person.identity
    kept = await house.app.context.books.person(identity.platform, identity.id)
    return kept.user_id if kept else 0


async def test_after_five_wrong_codes_even_the_right_one_is_refused(house):
    ana, eve = await house.enrolled(), house.person("discord")
    code = await code_of(house, ana)
    for _ in range(TRIES):
        assert "linked" not in (await tries(house, eve, WRONG)).lower()
    assert "linked" not in (await tries(house, eve, code)).lower()
    assert await account_of(house, eve) == 0
    payload = f"d..abcde:=link {code}"
    await house.hears(eve, house.room(), payload=payload)
    assert await account_of(house, eve) == 0
    assert "✅" in await tries(house, house.person("discord"), code)


async def test_forgetting_oneself_does_not_bring_new_tries_to_a_chat_of_no_account(house):
    ana, eve = await house.enrolled(), house.person("discord")
    code = await code_of(house, ana)
    for _ in range(TRIES):
        await tries(house, eve, WRONG)
    await asyncio.sleep(2.5)  # so as not to ask too fast
    await house.hears(eve, house.room(), line="/start usdt")
    await house.hears(eve, house.room(), payload="d..abcdf:=delete_me")
    assert await account_of(house, eve) == 0
    await tries(house, eve, code)
    assert await account_of(house, eve) == 0


async def test_guesses_spread_over_many_chats_never_meet_a_code(house):
    ana = await house.enrolled()
    code = await code_of(house, ana)
    near = [code[:at] + sign + code[at + 1 :] for at in range(8) for sign in "27XZ"]
    people = [house.person("discord") for _ in near]
    await asyncio.gather(
        *(
            tries(house, eve, guess)
            for eve, guess in zip(people, near, strict=True)
            if guess != code
        )
    )
    assert [await account_of(house, eve) for eve in people] == [0] * len(people)
    assert "✅" in await tries(house, house.person("discord"), code)


async def test_a_code_is_good_once_and_the_newer_one_ends_the_older(house):
    ana = await house.enrolled()
    old, new = await code_of(house, ana), await code_of(house, ana)
    first, second = house.person("discord"), house.person("discord")
    await tries(house, first, old)
    assert await account_of(house, first) == 0
    await tries(house, first, new)
    assert await account_of(house, first) == ana.user_id
    await tries(house, second, new)
    assert await account_of(house, second) == 0


async def test_a_code_that_has_run_out_is_no_code(house):
    ana, bob = await house.enrolled(), house.person("discord")
    code = await code_of(house, ana)
    await house.tables.execute("UPDATE link_codes SET expires_at = now() - interval '1 second'")
    await tries(house, bob, code)
    assert await account_of(house, bob) == 0


async def test_of_many_who_use_a_code_at_once_one_is_linked(house):
    ana = await house.enrolled()
    code = await code_of(house, ana)
    people = [house.person("discord") for _ in range(12)]
    await asyncio.gather(*(tries(house, one, code) for one in people))
    accounts = [await account_of(house, one) for one in people]
    assert sorted(accounts) == [0] * 11 + [ana.user_id]


class Mail:
    """A courier that keeps what it is given."""

    platform = "telegram"

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []

    async def send(self, chat_id, message, **where) -> Handle:
        self.sent.append((chat_id, message))
        return Handle(platform=self.platform, chat_id=chat_id, message_id="1")


async def test_who_made_the_code_is_told_of_its_use_and_can_undo_it(house):
    ana, eve = await house.enrolled(), house.person("discord", name="Eve")
    mail = Mail()
    house.app.delivery.posting.attach("telegram", mail)
    code = await code_of(house, ana)
    await tries(house, eve, code)
    assert await account_of(house, eve) == ana.user_id
    await until(lambda: mail.sent)
    (chat_id, message), *_ = mail.sent
    assert chat_id == ana.identity.id
    assert "Eve" in "\n".join(message.lines)
    lines = [one.press.line for row in message.rows for one in row if one.press]
    undo = next(line for line in lines if line.startswith("=unlink"))
    await house.hears(ana, house.room(), payload=f"d..:{undo}")
    assert await account_of(house, eve) == 0
    house.app.delivery.posting.attach("telegram", None)


async def test_who_is_forgotten_is_found_nowhere(house, dsn):
    """Neither id nor name nor plan nor code nor ticket, on any platform that was linked."""
    name = "Zuleika Quintanilha"
    ana = await house.trader(person_id="777000111222", name=name)
    code = await code_of(house, ana)
    phone = house.person("discord", person_id="888000333444555", name=name)
    await asyncio.sleep(3)  # so as not to ask too fast
    await tries(house, phone, code)
    await house.hears(phone, house.room(is_private=False), line="/buy btc")
    hidden = await code_of(house, ana)
    (told,) = await house.hears(ana, house.room(), line="/export")
    exported = told.message.file.content.decode()
    for mark in ("777000111222", "888000333444555", ana.secrets[0]):
        assert mark in exported, mark
        assert mark in await stored(dsn), mark
    await tries(house, phone, WRONG)
    done = text_of(await house.hears(ana, house.room(), payload="d..abcde:=delete_me"))
    assert "✅" in done, done
    await asyncio.sleep(0.2)
    left = await stored(dsn)
    for mark in ("777000111222", "888000333444555", "Zuleika", ana.secrets[0], code, hidden):
        assert mark not in left, mark
    sums = await house.tables.fetchrow(
        "SELECT (SELECT sum(amount) FROM ledger) AS booked, "
        "(SELECT sum(balance - starting_balance) FROM accounts) AS moved"
    )
    assert sums["booked"] == sums["moved"]
