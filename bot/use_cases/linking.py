"""`/link`: one person, several chats. A code goes from the one to the other; nobody else's does."""

from bot.grammar.requests import Link, Unlink
from bot.use_cases.alerts import take_back
from bot.use_cases.books import LinkTry
from bot.use_cases.context import Caller, Context, Identity
from bot.views import (
    ConfirmKind,
    ConfirmView,
    DoneCode,
    DoneView,
    LinkedView,
    LinkView,
    ProblemCode,
    ProblemView,
    Savings,
    View,
)

CODE_SECONDS = 600
WINDOW_SECONDS = 600

_PROBLEMS = {
    "wrong": ProblemCode.LINK_WRONG,
    "too_many": ProblemCode.LINK_TRIES,
    "self": ProblemCode.LINK_SELF,
    "open": ProblemCode.LINK_OPEN,
}


async def make_code(context: Context, caller: Caller) -> View:
    """Hand out a code for another chat, good for ten minutes and one use."""
    channel = caller.identity.channel
    code = await context.books.make_link_code(caller.person.user_id, channel, CODE_SECONDS)
    channels = await context.books.channels(caller.person.user_id)
    return LinkView(
        code=code,
        expires_at_ms=context.clock.now_ms() + CODE_SECONDS * 1000,
        channels=tuple(one.name for one in channels),
    )


async def join(context: Context, identity: Identity, request: Link) -> View:
    """Join this chat to the code's account; who has an account here is asked first."""
    assert request.code is not None, "joining takes a code"
    books = context.books
    if not request.is_confirmed:
        found = await books.try_link(identity.platform, identity.id, request.code)
        if found.outcome == "found" and found.left is not None:
            return await _question(context, request.code, found)
        if found.outcome != "found":
            return _problem(found)
    found = await books.link(identity.platform, identity.id, request.code)
    if found.outcome != "found":
        return _problem(found)
    if found.left is not None:
        await _end_unheard(context, found.left.user_id)
    return LinkedView(channel=found.channel, name=identity.name, is_here=True)


async def _end_unheard(context: Context, user_id: int) -> None:
    """Take back the alerts of an account that its last chat has left: nobody would be told."""
    if not await context.books.channels(user_id):
        await take_back(context, user_id, "link", await context.books.alerts(user_id))


async def unlink(context: Context, caller: Caller, request: Unlink) -> View:
    """Take a chat off the account again."""
    done = await context.books.unlink(caller.person.user_id, request.channel)
    if not done:
        return ProblemView(code=ProblemCode.EXPIRED, suggestion="/settings")
    return DoneView(code=DoneCode.UNLINKED, facts={"name": request.channel})


async def _question(context: Context, code: str, found: LinkTry) -> ConfirmView:
    assert found.left is not None, "there is something to leave behind"
    user_id = found.left.user_id
    is_last = len(await context.books.channels(user_id)) <= 1
    ending = await context.books.alerts(user_id) if is_last else ()
    return ConfirmView(
        kind=ConfirmKind.LINK,
        on_yes=Link(code, is_confirmed=True),
        currency=found.left.currency,
        savings=Savings(
            balance=found.left.balance,
            currency=found.left.currency,
            closed_count=found.left_closed_count,
            alert_count=len(ending),
        ),
    )


def _problem(found: LinkTry) -> ProblemView:
    facts = {"seconds": str(WINDOW_SECONDS)} if found.outcome == "too_many" else {}
    return ProblemView(code=_PROBLEMS[found.outcome], facts=facts, suggestion="/link")
