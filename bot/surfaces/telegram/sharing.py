"""A card goes to the group that its owner chose; he is told in private what came of it.

Whatever that is, the key that asked him for a group makes room for the usual ones again.
"""

from collections.abc import Callable

from bot.conversation.said import Room, Said
from bot.delivery.courier import CourierError, Gone, Priority, Unsendable
from bot.grammar.requests import ByNumber, Share
from bot.surfaces.telegram.exchange import Means, serve
from bot.surfaces.telegram.intake import GroupChosen, Spoken
from bot.surfaces.telegram.keyboards import bringing_keys
from bot.text import Words


async def share(means: Means, chosen: GroupChosen, passed: Callable[[], None]) -> None:
    """Show a card in a group. Raises CourierError when its owner cannot be told of it."""
    spoken, private = _spoken(chosen), Room(id=str(chosen.user.id))
    words, outcome = means.talk(spoken, private).words, ""
    try:
        if not await means.rooms.may_stay(chosen.room.id):
            outcome = _outcome(words, chosen, "share-refused")
            await means.rooms.leave(chosen.room.id)
        elif await serve(means, spoken, passed):
            outcome = _outcome(words, chosen, "share-shown")
    except (Gone, Unsendable):
        outcome = _outcome(words, chosen, "share-refused")
    except CourierError:
        outcome = _outcome(words, chosen, "share-failed")
    finally:
        keys = bringing_keys(words, outcome)
        await means.front.way.send(means.courier, private.id, keys, Priority.ANSWER)


def _outcome(words: Words, chosen: GroupChosen, name: str) -> str:
    place = chosen.room.name or words.say("share-your-group")
    return words.say(name, place=place)


def _spoken(chosen: GroupChosen) -> Spoken:
    target = ByNumber(chosen.number) if chosen.number else None
    said = Said(key=chosen.key, request=Share(target))
    return Spoken(user=chosen.user, room=chosen.room, said=said, message_id=0)
