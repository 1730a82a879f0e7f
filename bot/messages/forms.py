"""One question with a line to type, for a button that wants one more word."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.conversation.presses import Press
from bot.messages import Form
from bot.text import Words
from bot.views import AskCode

TITLE_MAX = 45
FORM_NAMES: Mapping[AskCode, str] = MappingProxyType(
    {
        AskCode.COIN: "coin",
        AskCode.AMOUNT: "amount",
        AskCode.STOP: "stop",
        AskCode.LEVEL_STOP: "stop",
        AskCode.TARGET: "target",
        AskCode.LEVEL_TARGET: "target",
        AskCode.ALERT: "alert",
    }
)


def form_of(press: Press, words: Words) -> Form:
    """Return the question that a FORM press opens."""
    name = FORM_NAMES[press.asks] if press.asks else "line"
    if press.asks is None and press.line.startswith("/timezone"):
        name = "zone"
    return Form(
        title=words.say(f"form-{name}")[:TITLE_MAX],
        label=words.say(f"form-{name}-label")[:TITLE_MAX],
        placeholder=words.say(f"form-{name}-example"),
    )
