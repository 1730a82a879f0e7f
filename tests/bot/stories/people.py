"""What people of the stories do again and again: enroll, ask and read, buy."""

from tests.support.discord.people import Person, Turn
from tests.support.discord.world import Channel
from tests.support.discord.world import Message as DiscordMessage
from tests.support.telegram.messages import Message
from tests.support.telegram.phone import Phone

KEYS = {"en": "Your buttons are below.", "pt": "Seus botões estão abaixo."}


async def asks(phone: Phone, line: str, **how) -> Message:
    """Say something in private and return the next message; what was there before is read."""
    phone.reads_all()
    await phone.says(line, **how)
    return await phone.next()


async def enrolled(phone: Phone) -> Phone:
    """Let somebody press Start and choose dollars; his chat is read then."""
    is_english = phone.account.language_code == "en"
    await phone.starts()
    welcome = await phone.next()
    pressed = await phone.presses(welcome, "English" if is_english else "Português")
    await pressed.edited()
    pressed = await phone.presses(welcome, "USDT")
    await pressed.edited()
    await phone.sees(KEYS["en" if is_english else "pt"])
    phone.reads_all()
    return phone


async def buys(phone: Phone, line: str) -> Message:
    """Buy, and return the message of the opened trade."""
    bought = await asks(phone, line)
    return await phone.until(lambda: bought if bought.text.startswith("✅") else None)


async def joined(person: Person, where: Channel | None = None) -> Person:
    """Let somebody open his account on Discord, in dollars."""
    turn = await person.runs("start", where)
    welcome = await turn.reply()
    if "10,000.00 USDT" not in welcome.labels and "10.000,00 USDT" not in welcome.labels:
        language = "Português" if person.account.locale == "pt-BR" else "English"
        welcome = await changed(person, welcome, language)
    money = next(label for label in welcome.labels if "USDT" in label)
    await changed(person, welcome, money)
    return person


async def changed(person: Person, message: DiscordMessage, label: str) -> DiscordMessage:
    """Press a button and wait until the pressed message shows something else."""
    before = message.text, message.labels
    turn = await person.presses(message, label)
    await turn.reply()
    return await person.until(lambda one: one.id == message.id and (one.text, one.labels) != before)


async def settled(turn: Turn, sign: str) -> DiscordMessage:
    """Wait until an answer of a turn shows `sign`."""
    world = turn._world
    look = lambda: next((one for one in turn.replies if sign in one.text), None)  # noqa: E731
    return await world.wait(look, 10.0, f"no answer with {sign!r}")
