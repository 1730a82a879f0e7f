"""Completion while somebody types a parameter: his own trades, coins by popularity, zones."""

from zoneinfo import available_timezones

from bot.grammar.asks import INTERVALS
from bot.grammar.catalogue import BY_NAME, Audience, Group, Kind, offered
from bot.grammar.words import bare, spoken
from bot.text import Words
from bot.use_cases.context import Context, Identity
from bot.use_cases.valuing import value_of

CHOICES_MAX = 25
POPULAR = (
    *("BTC", "ETH", "SOL", "BNB", "XRP", "DOGE", "ADA", "AVAX", "LINK", "LTC", "TRX", "DOT"),
    *("SHIB", "PEPE", "NEAR", "ATOM", "UNI", "ARB", "OP", "SUI", "APT", "FIL", "BCH", "ETC"),
)

Choices = list[tuple[str, str]]


async def complete(
    context: Context, identity: Identity, kind: str, text: str, words: Words
) -> Choices:
    """Return up to 25 (label, value) for a catalogue's parameter kind."""
    typed = bare(text.strip()[:64])
    match Kind(kind):
        case Kind.COIN:
            found = _coins(context, typed)
        case Kind.TRADE:
            found = await _trades(context, identity, typed, words)
        case Kind.PLAN:
            found = await _plans(context, identity, typed)
        case Kind.ZONE:
            found = _zones(typed)
        case Kind.INTERVAL:
            found = [(name, name) for name in INTERVALS if name.startswith(typed)]
        case Kind.COMMAND:
            found = _commands(typed, words)
        case _:
            found = []
    return found[:CHOICES_MAX]


def _coins(context: Context, typed: str) -> Choices:
    bases = context.desk.instruments.bases()
    popular = [coin for coin in POPULAR if coin in bases or not bases]
    names = popular + sorted(bases - set(popular))
    wanted = typed.upper().removeprefix("$")
    first = [name for name in names if name.startswith(wanted)]
    return [(name, name.lower()) for name in first[:CHOICES_MAX]]


async def _trades(context: Context, identity: Identity, typed: str, words: Words) -> Choices:
    person = await context.books.person(identity.platform, identity.id)
    if person is None:
        return []
    rows = value_of(context, await context.books.open_trades(person.user_id)).rows
    found: Choices = []
    for row in rows:
        name = f"#{row.number} {words.coin(row.instrument, person.currency)}"
        pnl = "" if row.pnl is None else f" {words.amount(row.pnl, is_signed=True)}"
        if typed.removeprefix("#") in bare(name):
            found.append((f"{name}{pnl}", str(row.number)))
    return found


async def _plans(context: Context, identity: Identity, typed: str) -> Choices:
    person = await context.books.person(identity.platform, identity.id)
    if person is None:
        return []
    plans = await context.books.plans(person.user_id)
    return [(plan.name, plan.name) for plan in plans if plan.name.startswith(typed)]


def _zones(typed: str) -> Choices:
    wanted = typed.replace(" ", "_")
    zones = sorted(zone for zone in available_timezones() if "/" in zone)
    near = [zone for zone in zones if wanted in zone.casefold()]
    return [(zone, zone) for zone in sorted(near, key=lambda zone: _distance(zone, wanted))]


def _distance(zone: str, wanted: str) -> tuple[bool, str]:
    return (not zone.casefold().rpartition("/")[2].startswith(wanted), zone)


def _commands(typed: str, words: Words) -> Choices:
    names = [
        spoken(command.name, words.locale).removeprefix("/")
        for command in offered(Audience.ANYONE, Audience.OWNER)
        if BY_NAME[command.name].group is not Group.ANSWER
    ]
    return [(name, name) for name in names if name.startswith(typed)]
