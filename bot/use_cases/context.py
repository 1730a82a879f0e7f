"""What every use case is given: who asks, and the means to serve him."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bot.use_cases.books import Books, Person
from bot.use_cases.candles import Candles
from bot.use_cases.house_books import HouseBooks
from engine.clock import Clock
from engine.desk import Desk, Owner

NAMELESS = "Trader"


@dataclass(frozen=True)
class Identity:
    """Somebody on one platform, as the platform names him. `is_host`: named in ADMINS.

    `name` is empty where he did not speak himself: a list of before a restart goes on for him.
    """

    platform: str
    id: str
    name: str
    locale: str
    zone: str
    is_host: bool = False

    @property
    def channel(self) -> str:
        """The name of this person's channel, as deliveries are kept by."""
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True)
class Context:
    """The means. `starting_balance` by currency; `fee_rate` a ratio of each fill's notional.

    `database` says what the database is and where, for `/status`; `is_invented`: prices are.
    """

    desk: Desk
    books: Books
    house: HouseBooks
    candles: Candles
    clock: Clock
    starting_balance: Mapping[str, Decimal]
    fee_rate: Decimal
    database: str = ""
    is_invented: bool = False


@dataclass(frozen=True)
class Caller:
    """The person who asks, with this request's idempotency key.

    `claims`: orders whose end this request's own reply tells, so that no notice repeats it.
    """

    identity: Identity
    person: Person
    key: str
    claims: set[int] = field(default_factory=set[int])

    @property
    def name(self) -> str:
        """What he is called: now, else when he last spoke."""
        return self.identity.name or self.person.name or NAMELESS

    @property
    def owner(self) -> Owner:
        """For whom the desk acts."""
        return Owner(self.person.user_id, self.person.account_id, self.person.currency)
