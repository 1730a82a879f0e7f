"""What the surface must know of a line or a press before the talk hears it."""

import pytest

from bot.conversation.presses import Press, PressKind, encode
from bot.conversation.said import Said
from bot.grammar.catalogue import Audience
from bot.grammar.requests import (
    ByCoin,
    ByNumber,
    Close,
    Group,
    Help,
    Language,
    ListTrades,
    Menu,
    Price,
    Request,
    Share,
)
from bot.surfaces.telegram.meaning import asked, audience, shared_number, wants_keys, watched


def line(text: str) -> Said:
    return Said(key="k", line=text)


def press(text: str, kind: PressKind = PressKind.DO) -> Said:
    return Said(key="k", payload=encode(Press(kind=kind, line=text)))


@pytest.mark.parametrize(
    ("said", "request_"),
    [
        (line("/price btc"), Price("BTC")),
        (line("/preco btc"), Price("BTC")),
        (line("what is this"), None),
        (press("/price btc"), Price("BTC")),
        (press("", PressKind.LEAVE), None),
        (Said(key="k", payload="nobody wrote this"), None),
        (Said(key="k", payload=""), None),
        (Said(key="k", request=Help()), Help()),
    ],
)
def test_what_is_asked_for(said: Said, request_: Request | None):
    assert asked(said, "en") == request_


@pytest.mark.parametrize(
    ("said", "for_whom"),
    [
        (line("/price btc"), Audience.ANYONE),
        (line("/SALDO"), Audience.OWNER),
        (line("/admin health"), Audience.HOST),
        (line("/grupo"), Audience.CHAT_ADMIN),
        (line("/nonsense"), None),
        (line("/"), None),
        (line("btc?"), None),
        (press("/close 47"), Audience.OWNER),
        (press("=x 1,2 100"), Audience.OWNER),
        (press("/chart btc"), Audience.ANYONE),
        (press("", PressKind.LEAVE), None),
        (Said(key="k", payload="nobody wrote this"), None),
        (Said(key="k", request=Help()), None),
    ],
)
def test_for_whom_the_answer_is(said: Said, for_whom: Audience | None):
    assert audience(said) is for_whom


@pytest.mark.parametrize(
    ("request_", "is_typed", "is_wanted"),
    [
        (Menu(), True, True),
        (Menu(), False, False),
        (Language("pt-BR"), False, True),
        (Language(), True, False),
        (None, True, False),
    ],
)
def test_when_the_keys_are_brought(request_: Request | None, is_typed: bool, is_wanted: bool):
    assert wants_keys(request_, is_typed=is_typed) is is_wanted


@pytest.mark.parametrize(
    ("request_", "number"),
    [
        (Share(ByNumber(47)), 47),
        (Share(), 0),
        (Share(ByCoin("BTC")), None),
        (Menu(), None),
        (None, None),
    ],
)
def test_whose_card_is_shared(request_: Request | None, number: int | None):
    assert shared_number(request_) == number


def test_what_a_live_message_asks_for():
    assert watched(None) == ListTrades()
    assert watched(ListTrades(page=2)) == ListTrades(page=2)
    assert watched(Close(Group.ALL)) == ListTrades()
