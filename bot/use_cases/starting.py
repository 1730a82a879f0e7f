"""`/start`, `/reset`, `/delete_me`: the beginning, the new beginning, the end of an account."""

from collections.abc import AsyncGenerator
from decimal import Decimal

from bot.grammar.requests import DeleteMe, Reset
from bot.use_cases.alerts import take_back
from bot.use_cases.answering import STORED_SECONDS, unstored, within
from bot.use_cases.context import Caller, Context, Identity
from bot.views import (
    ConfirmKind,
    ConfirmView,
    DoneCode,
    DoneView,
    ProblemCode,
    ProblemView,
    RefusedView,
    View,
    WelcomeView,
)
from engine.core.commands import Refusal, ResetAccount

GREETING_SECONDS = 1.0


async def enroll(context: Context, identity: Identity, currency: str) -> View:
    """Give a stranger his account, and greet him."""
    amount = context.starting_balance.get(currency)
    if amount is None:
        return welcome_stranger(context, identity)
    grant = (currency, amount)
    person = await context.books.enroll(
        identity.platform, identity.id, identity.locale, identity.zone, grant
    )
    return WelcomeView(
        name=identity.name,
        is_new=True,
        currency=person.currency,
        balance=person.balance,
        is_invented=context.is_invented,
    )


def welcome_stranger(
    context: Context,
    identity: Identity,
    *,
    ticket: str | None = None,
    is_language_sure: bool = True,
) -> View:
    """Ask a stranger for his language, if that is not sure yet, then for his currency."""
    if not is_language_sure:
        return WelcomeView(
            name=identity.name,
            is_new=True,
            languages=("en", "pt-BR"),
            ticket=ticket,
            is_invented=context.is_invented,
        )
    choices = tuple(context.starting_balance.items())
    return WelcomeView(
        name=identity.name,
        is_new=True,
        choices=choices,
        ticket=ticket,
        is_invented=context.is_invented,
    )


async def welcome(context: Context, caller: Caller) -> View:
    """Greet somebody who is known, with what a short catch-up has left him."""
    await context.desk.wait_armed(GREETING_SECONDS)
    identity = caller.identity
    person = await context.books.person(identity.platform, identity.id) or caller.person
    trades = await context.books.open_trades(person.user_id)
    return WelcomeView(
        name=caller.name,
        is_new=False,
        currency=person.currency,
        balance=person.balance,
        open_count=len(trades),
    )


async def reset(context: Context, caller: Caller, request: Reset) -> AsyncGenerator[View, None]:
    """Close everything at the last prices and begin a new account, after a yes."""
    person = caller.person
    amount = context.starting_balance.get(person.currency, person.starting_balance)
    trades = await context.books.open_trades(person.user_id)
    if not request.is_confirmed:
        yield ConfirmView(
            kind=ConfirmKind.RESET,
            on_yes=Reset(is_confirmed=True),
            currency=person.currency,
            starting_balance=amount,
            open_count=len(trades),
        )
        return
    yield await _reset(context, caller, amount)


async def delete_me(
    context: Context, caller: Caller, request: DeleteMe
) -> AsyncGenerator[View, None]:
    """Forget the person after a yes: close what is open, purge who he was, keep the sums."""
    person = caller.person
    trades = await context.books.open_trades(person.user_id)
    if not request.is_confirmed:
        yield ConfirmView(
            kind=ConfirmKind.DELETE_ME,
            on_yes=DeleteMe(is_confirmed=True),
            currency=person.currency,
            open_count=len(trades),
        )
        return
    if trades or await context.books.waiting(person.user_id):
        done = await _reset(context, caller, person.starting_balance)
        if not isinstance(done, DoneView):
            yield done
            return
    armed = await context.books.alerts(person.user_id)
    await take_back(context, person.user_id, caller.key, armed)
    if not await context.books.delete(person.user_id):
        yield ProblemView(code=ProblemCode.TRY_AGAIN)
        return
    yield DoneView(code=DoneCode.DELETED)


async def _reset(context: Context, caller: Caller, amount: Decimal) -> View:
    person = caller.person
    trades = await context.books.open_trades(person.user_id)
    waiting = await context.books.waiting(person.user_id)
    command = ResetAccount(
        key=caller.key,
        user_id=person.user_id,
        account_id=person.account_id,
        now_ms=context.clock.now_ms(),
        currency=person.currency,
        starting_balance=amount,
        trades={item.trade.id: item.trade.symbol for item in trades},
        orders={item.order.id: item.order.symbol for item in waiting},
    )
    answer = context.desk.reset(command)
    told = answer if isinstance(answer, Refusal) else await within(answer.accepted, STORED_SECONDS)
    if told is None:
        return ProblemView(code=ProblemCode.TRY_AGAIN)
    if isinstance(told, Refusal):
        return RefusedView(refusal=told, currency=person.currency)
    return unstored(told) or DoneView(
        code=DoneCode.RESET,
        facts={"count": str(len(trades))},
        amount=amount,
        currency=person.currency,
    )
