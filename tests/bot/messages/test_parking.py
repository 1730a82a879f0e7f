"""What does not fit a button is put aside, and the button carries its ticket."""

from bot.conversation.presses import PressKind, encode
from bot.grammar.requests import Admin
from bot.messages.layout import lay
from bot.messages.parking import Parking
from bot.views import BroadcastPreview, ConfirmKind, ConfirmView
from tests.bot.views.samples import ENGLISH, OPENED_USDT

OWNER = "1234567890123456789"
TICKET = "T" * 16


class Shelf:
    """Keeps what is parked."""

    def __init__(self):
        self.lines = []

    async def park(self, line):
        self.lines.append(line)
        return TICKET


async def test_a_message_whose_buttons_fit_stays_as_it_is():
    shelf = Shelf()
    message = lay(OPENED_USDT, ENGLISH, owner=OWNER)
    assert await Parking(shelf.park).fitted(message) is message
    assert shelf.lines == []


async def test_a_long_line_is_parked_whole_and_the_button_keeps_its_owner_and_nonce():
    shelf, text = Shelf(), "so long " * 30
    view = ConfirmView(
        kind=ConfirmKind.BROADCAST,
        on_yes=Admin("broadcast", text.strip(), is_confirmed=True),
        currency="USDT",
        broadcast=BroadcastPreview(text=text, count=3),
    )
    message = lay(view, ENGLISH, owner=OWNER)
    fitted = await Parking(shelf.park).fitted(message)
    before, after = message.rows[0][0].press, fitted.rows[0][0].press
    assert after is not None
    assert before is not None
    assert (after.kind, after.line) == (PressKind.PARKED, TICKET)
    assert (after.owner, after.nonce) == (before.owner, before.nonce)
    assert len(encode(after)) <= 64
    assert len(shelf.lines) == 1
    assert shelf.lines[0].endswith(before.line)
    assert fitted.rows[0][1] == message.rows[0][1]
