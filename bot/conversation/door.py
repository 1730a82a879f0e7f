"""What a surface asks of the application: a role that the composition root fills."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Protocol

from bot.grammar.requests import Request
from bot.views import View


class Door(Protocol):
    """One person's way to the desk.

    Errors never come through it, but for `look_up`: what went wrong is a view. Every call is
    bounded in time by the application, but for `notices`, which ends when it is canceled.
    """

    @property
    def locale(self) -> str:
        """The person's language now: `en` or `pt-BR`."""
        ...

    @property
    def zone(self) -> str:
        """The person's time zone now: an IANA name."""
        ...

    @property
    def confirm(self) -> str:
        """When the person wants to be asked: `always`, `buttons` or `never`."""
        ...

    async def look_up(self) -> bool:
        """Look up who this is, so that `locale` is his of now; False: a stranger.

        He may have changed it in another chat: a line is read after it. Raises StoreError.
        """
        ...

    def handle(self, request: Request, key: str) -> AsyncGenerator[View, None]:
        """Do what is asked and yield what followed, the first view within about a second.

        An order that waits yields OrderWaitingView and later its result. What needs a yes yields
        a ConfirmView, whose `on_yes` comes back through this same method. `key` makes a retry
        harmless: the same key never does a thing twice. Who wants no more of it closes it.
        """
        ...

    def notices(self) -> AsyncIterator[View]:
        """Yield what happened unasked: first what nobody saw yet, then everything as it comes.

        A view counts as told once the next one is asked for. Results that `handle` has yielded
        do not come here again.
        """
        ...
