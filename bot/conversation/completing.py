"""Completion while somebody types a parameter: his own trades, coins by popularity, zones.

What is offered is a help, never a limit: any value may be typed.
"""

from types import MappingProxyType
from zoneinfo import available_timezones

from bot.grammar.asks import INTERVALS
from bot.grammar.catalogue import Audience, Kind, offered
from bot.grammar.words import bare, spoken
from bot.text import Words
from bot.use_cases.books import Person
from bot.use_cases.context import Context, Identity
from bot.use_cases.valuing import instrument_of, value_of

CHOICES_MAX = 25
POPULAR = (
    *("BTC", "ETH", "SOL", "BNB", "XRP", "DOGE", "ADA", "AVAX", "LINK", "LTC", "TRX", "DOT"),
    *("SHIB", "PEPE", "NEAR", "ATOM", "UNI", "ARB", "OP", "SUI", "APT", "FIL", "BCH", "ETC"),
)
NEAR = (
    *("America/Sao_Paulo", "America/Manaus", "America/Cuiaba", "America/Fortaleza"),
    *("Europe/Lisbon", "Europe/London", "Europe/Berlin", "America/New_York"),
    *("America/Chicago", "America/Los_Angeles", "Asia/Dubai", "Asia/Singapore", "Asia/Tokyo"),
)
AMOUNTS = ("100", "500", "1k", "5k", "5%", "10%")
SHARES = ("25%", "50%", "75%", "100%")
MOVES = ("+1%", "+3%", "+5%", "-1%", "-3%", "-5%")
MANY = MappingProxyType(
    {
        "en": ("all", "winners", "losers"),
        "pt-BR": ("tudo", "ganhadoras", "perdedoras"),
    }
)

_USUAL = MappingProxyType({Kind.AMOUNT: AMOUNTS, Kind.SHARE: SHARES, Kind.PRICE: MOVES})

Choices = list[tuple[str, str]]


async def complete(
    context: Context, identity: Identity, kind: str, text: str, words: Words
) -> Choices:
    """Return up to 25 (label, value) for a catalogue's parameter kind."""
    typed = bare(text.strip()[:64])
    match Kind(kind):
        case Kind.COIN:
            found = _coins(context, typed)
        case Kind.TRADE | Kind.CLOSING | Kind.PAST:
            found = await _trades(context, identity, Kind(kind), typed, words)
        case Kind.AMOUNT | Kind.SHARE | Kind.PRICE:
            found = _given(_USUAL[Kind(kind)], text.strip())
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


def _given(usual: tuple[str, ...], typed: str) -> Choices:
    """Offer what is usual, after what is typed already."""
    near = [each for each in usual if each.startswith(typed) and each != typed]
    return [(each, each) for each in ([typed] if typed else []) + near]


async def _trades(
    context: Context, identity: Identity, kind: Kind, typed: str, words: Words
) -> Choices:
    person = await context.books.person(identity.platform, identity.id)
    if person is None:
        return []
    found = await _open(context, person, words)
    if kind is Kind.CLOSING and len(found) > 1:
        found += [(each, each) for each in MANY[words.locale]]
    if kind is Kind.PAST:
        found += await _closed(context, person, words)
    wanted = typed.removeprefix("#")
    if wanted.isdecimal():
        return [choice for choice in found if choice[1].startswith(wanted)]
    return [choice for choice in found if wanted in bare(choice[0])]


async def _open(context: Context, person: Person, words: Words) -> Choices:
    found: Choices = []
    for row in value_of(context, await context.books.open_trades(person.user_id)).rows:
        name = f"#{row.number} {words.coin(row.instrument, person.currency)}"
        pnl = "" if row.pnl is None else f" {words.amount(row.pnl, is_signed=True)}"
        found.append((f"{name}{pnl}", str(row.number)))
    return found


async def _closed(context: Context, person: Person, words: Words) -> Choices:
    rows, _ = await context.books.history(person.user_id, 1, CHOICES_MAX)
    found: Choices = []
    for row in rows:
        name = f"#{row.number} {words.coin(instrument_of(context, row.symbol), person.currency)}"
        pnl = words.amount(row.realized_pnl, is_signed=True)
        found.append((f"{name} {pnl}", str(row.number)))
    return found


async def _plans(context: Context, identity: Identity, typed: str) -> Choices:
    person = await context.books.person(identity.platform, identity.id)
    if person is None:
        return []
    plans = await context.books.plans(person.user_id)
    return [(plan.name, plan.name) for plan in plans if plan.name.startswith(typed)]


def _zones(typed: str) -> Choices:
    wanted = typed.replace(" ", "_")
    if not wanted:
        return [(zone, zone) for zone in NEAR]
    zones = sorted(zone for zone in available_timezones() if "/" in zone)
    near = [zone for zone in zones if wanted in zone.casefold()]
    return [(zone, zone) for zone in sorted(near, key=lambda zone: _distance(zone, wanted))]


def _distance(zone: str, wanted: str) -> tuple[bool, str]:
    return (not zone.casefold().rpartition("/")[2].startswith(wanted), zone)


def _commands(typed: str, words: Words) -> Choices:
    names = [
        spoken(command.name, words.locale).removeprefix("/")
        for command in offered(Audience.ANYONE, Audience.OWNER)
    ]
    return [(name, name) for name in names if name.startswith(typed)]
