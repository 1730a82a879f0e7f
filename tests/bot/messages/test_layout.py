"""Every button does what it says, for whom it was shown, in at most 64 bytes."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bot.conversation.presses import PressKind, decode, encode, read_line
from bot.grammar.requests import (
    ByNumber,
    Close,
    CloseMany,
    LevelText,
    Misread,
    MisreadCode,
    Open,
    SetStop,
    SizeText,
)
from bot.grammar.words import OFF_WORDS
from bot.messages import Tone
from bot.messages.layout import ended, form_of, keyboard, lay, toast
from bot.messages.taps import LABEL_MAX, clipped
from bot.views import (
    AskCode,
    AskView,
    ConfirmKind,
    ConfirmView,
    DoneCode,
    DoneView,
    MenuView,
    MisreadView,
    OpenedView,
    PriceView,
    ProblemCode,
    ProblemView,
    TradesView,
)
from engine.core.instrument import Direction, Instrument
from engine.core.numbers import ZERO
from tests.bot.views.samples import (
    BTC,
    ENGLISH,
    LIST_USDT,
    OPENED_USDT,
    PORTUGUESE,
    ROWS_USDT,
    STOPPED_USDT,
)
from tests.transcripts.exits import HALF
from tests.transcripts.samples import CLOSE_ONE, LINES_ASKED, SAMPLES, SETTINGS

D = Decimal
OWNER = "1234567890123456789"
WORDS = pytest.mark.parametrize("words", [ENGLISH, PORTUGUESE], ids=["en", "pt-BR"])
READ_BY_THE_TALK = {PressKind.PARKED, PressKind.LEAVE, PressKind.MORE}


def buttons(message) -> list[Any]:
    return [button for row in message.rows for button in row]


def understood(press) -> Any:
    return read_line(press.line)


def presses(message) -> list[Any]:
    return [button.press for button in buttons(message) if button.press]


def labels(message):
    return [button.label for button in buttons(message)]


@WORDS
def test_every_button_is_short_bound_and_does_one_thing(words):
    for name, view in SAMPLES.items():
        message = lay(view, words, owner=OWNER)
        assert message.locale == words.locale
        assert len(message.rows) <= 8, name
        assert all(1 <= len(row) <= 4 for row in message.rows), name
        for button in buttons(message):
            assert 0 < len(button.label) <= LABEL_MAX, name
            assert bool(button.press) + bool(button.copied) + bool(button.url) == 1, name
        assert {press.owner for press in presses(message)} <= {OWNER}, name


@WORDS
def test_every_button_s_line_is_understood_and_comes_back_from_its_payload(words):
    seen = 0
    for name, view in SAMPLES.items():
        for press in presses(lay(view, words, owner=OWNER)):
            if press.kind in READ_BY_THE_TALK or name.startswith("welcome money"):
                continue
            if name != "close very many":  # its numbers are parked
                assert decode(encode(press)) == press, name
            answer = read_line(press.line)
            assert not isinstance(answer, Misread), (name, press.line)
            seen += 1
    assert seen > 300


@WORDS
def test_the_same_view_is_laid_out_the_same_but_for_what_happens_once(words):
    for name, view in SAMPLES.items():
        first, second = lay(view, words), lay(view, words)
        assert labels(first) == labels(second), name
        for one, other in zip(presses(first), presses(second), strict=True):
            assert structs.replace(one, nonce="") == structs.replace(other, nonce=""), name
            assert (one.nonce != other.nonce) == bool(one.nonce), name


def test_a_live_list_is_the_same_message_while_nothing_changes():
    assert lay(LIST_USDT, ENGLISH, owner=OWNER) == lay(LIST_USDT, ENGLISH, owner=OWNER)


ASSETS = st.from_regex(r"[A-Z0-9]{2,9}", fullmatch=True)
PRICES = st.decimals(min_value="0.00000001", max_value="999999.99", places=8)


@given(
    number=st.integers(1, 999_999),
    base=ASSETS,
    quote=st.sampled_from(["USDT", "BRL"]),
    owner=st.integers(10**17, 10**19 - 1),
)
def test_what_is_shown_of_a_trade_fits_its_buttons_without_parking(number, base, quote, owner):
    coin = Instrument(base + quote, base, quote, is_trading=True, tick_size=D("0.00000001"))
    row = structs.replace(ROWS_USDT[0], number=number, instrument=coin)
    views = [
        structs.replace(OPENED_USDT, number=number, instrument=coin),
        structs.replace(STOPPED_USDT, number=number, instrument=coin),
        structs.replace(HALF, number=number, instrument=coin),
        structs.replace(LIST_USDT, rows=(row,) * 30, page=3),
        structs.replace(CLOSE_ONE, on_yes=CloseMany((number,), D("0.3333")), rows=(row,)),
        PriceView(instrument=coin),
        *(
            AskView(code=code, coin=base, line=line, asked=asked)
            for code, (line, asked) in LINES_ASKED.items()
        ),
    ]
    for view in views:
        for press in presses(lay(view, ENGLISH, owner=str(owner))):
            assert decode(encode(press)) == press


@given(number=st.integers(1, 999_999), level=PRICES)
def test_a_level_picker_fits_whatever_the_trade_and_the_price(number, level):
    for code, verb in ((AskCode.LEVEL_STOP, "/sl"), (AskCode.LEVEL_TARGET, "/tp")):
        view = AskView(code=code, line=f"{verb} {number}", price=level)
        for press in presses(lay(view, PORTUGUESE, owner=OWNER)):
            assert decode(encode(press)) == press


@WORDS
@pytest.mark.parametrize("code", AskCode)
def test_each_answer_to_a_step_leads_on_to_the_order_it_names(code, words):
    line, asked = LINES_ASKED[code]
    message = lay(AskView(code=code, coin="BTC", line=line, asked=asked), words)
    steps = [press for press in presses(message) if press.kind is PressKind.STEP]
    assert len(steps) >= 4
    for press in steps:
        assert press.asks is code
        assert press.asked == asked
        assert press.line.startswith(line.partition(" ")[0])
        assert not isinstance(read_line(press.line), Misread), press.line
    assert message.answers_by_text
    assert message.placeholder
    (form,) = [press for press in presses(message) if press.kind is PressKind.FORM]
    assert (form.line, form.asks, form.asked) == (line, code, asked)


def test_steps_end_with_no_stop_too():
    line, asked = LINES_ASKED[AskCode.STOP]
    view = AskView(code=AskCode.STOP, coin="BTC", line=line, asked=asked)
    last = [press.line for press in presses(lay(view, PORTUGUESE)) if press.asks][-2]
    assert last.split()[-1] in OFF_WORDS
    answer = read_line(last)
    assert isinstance(answer, Open)
    assert answer.stop is None


@pytest.mark.parametrize("pnl", ["2.51", "-3.90", "0"])
def test_a_yes_to_a_close_says_and_colors_what_it_books(pnl):
    view = structs.replace(CLOSE_ONE, pnl=D(pnl))
    yes, back = buttons(lay(view, ENGLISH))
    sign = {"2.51": ("Close +2.51?", Tone.GOOD), "-3.90": ("Close −3.90?", Tone.BAD)}
    assert (yes.label, yes.tone) == sign.get(pnl, ("Close 0.00?", Tone.PLAIN))
    assert read_line(yes.press.line) == view.on_yes
    assert len(yes.press.nonce) == 6
    assert back.press.line == "/trades 47"


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.startswith("confirm")])
def test_every_yes_happens_once_and_means_what_was_shown(name):
    view = SAMPLES[name]
    assert isinstance(view, ConfirmView)
    yes, _ = buttons(lay(view, PORTUGUESE))
    assert yes.press.kind is PressKind.DO
    assert len(yes.press.nonce) == 6
    assert read_line(yes.press.line) == view.on_yes
    assert yes.tone is (Tone.GOOD if view.kind is ConfirmKind.OPEN else Tone.BAD)


@WORDS
def test_a_newcomer_opens_his_first_trade_with_its_stop_in_one_tap(words):
    first = buttons(lay(SAMPLES["welcome first"], words))[0]
    assert first.press.kind is PressKind.DO
    assert first.press.nonce
    assert read_line(first.press.line) == Open(
        Direction.LONG, "BTC", SizeText(D(100)), LevelText(D(2), is_percent=True)
    )
    assert "BTC 100" in first.label


@pytest.mark.parametrize(("number", "line"), [(47, "/trades 47"), (None, "/menu")])
def test_a_refusal_without_a_fix_leaves_a_way_on(number, line):
    refused = structs.replace(SAMPLES["refused not_trading"], number=number)
    ((way,),) = lay(refused, ENGLISH).rows
    assert way.press.line == line


def test_currencies_have_equal_weight():
    message = lay(SAMPLES["welcome money"], PORTUGUESE)
    (row,) = message.rows
    assert {button.tone for button in row} == {Tone.PLAIN}
    assert [button.label for button in row] == ["10.000,00 USDT", "R$ 50.000,00"]


def test_partial_exits_are_silent_and_full_ones_loud():
    assert lay(HALF, ENGLISH).is_silent
    assert not lay(STOPPED_USDT, ENGLISH).is_silent
    assert lay(STOPPED_USDT, ENGLISH).tone is Tone.BAD


def test_practice_is_silent_and_offers_nothing_that_trades():
    for name in ("practice begins", "practice event", "practice card"):
        message = lay(SAMPLES[name], ENGLISH)
        assert message.is_silent
        assert message.rows == ()


def test_a_list_shows_eight_trades_and_turns_its_pages():
    rows = tuple(structs.replace(ROWS_USDT[0], number=number) for number in range(1, 20))
    pages = [lay(structs.replace(LIST_USDT, rows=rows, page=page), ENGLISH) for page in (1, 2, 3)]
    turned = [
        [button.press.line for button in buttons(page) if button.label in "◀▶"] for page in pages
    ]
    assert turned == [["=trades 2"], ["/trades", "=trades 3"], ["=trades 2"]]
    shown = [sum(label.startswith("#") for label in labels(page)) for page in pages]
    assert shown == [8, 8, 3]
    beyond = lay(structs.replace(LIST_USDT, rows=rows, page=99), ENGLISH)
    assert beyond.table == pages[2].table


def test_an_ended_list_says_so_and_goes_on_for_the_same_owner():
    message = lay(LIST_USDT, PORTUGUESE, owner=OWNER)
    over = ended(message, PORTUGUESE)
    assert not over.is_live
    assert over.footer[-1] == "Parou de atualizar"
    last = buttons(over)[-1].press
    assert (last.kind, last.line, last.owner) == (PressKind.MORE, "/trades", OWNER)
    assert labels(over)[:2] == labels(message)[:2]


def test_an_ended_list_goes_on_with_the_page_that_was_shown():
    many = lay(SAMPLES["trades many"], ENGLISH, owner=OWNER)
    assert buttons(ended(many, ENGLISH))[-1].press.line == "=trades 2"


def test_an_empty_list_is_not_live():
    empty = TradesView(rows=(), currency="USDT", pnl=ZERO, equity=D(10000), at_ms=0)
    message = lay(empty, ENGLISH)
    assert not message.is_live
    assert message.table == ()


@pytest.mark.parametrize(
    ("line", "suggestion", "pressed"),
    [
        ("en", "/buy btc 1.500", "/buy btc 1.500"),
        ("pt-BR", "/comprar btc 1.500", "/buy btc 1,500"),
        ("pt-BR", "/comprar btc 0,5 stop=2,5%", "/comprar btc 0,5 stop=2,5%"),
    ],
)
def test_a_suggested_line_keeps_its_meaning_when_pressed(line, suggestion, pressed):
    words = PORTUGUESE if line == "pt-BR" else ENGLISH
    view = MisreadView(misread=Misread(MisreadCode.EXTRA_WORD, {"text": "x"}, suggestion))
    (button,) = buttons(lay(view, words))
    assert button.label == suggestion
    assert button.press.line == pressed
    assert button.press.kind is PressKind.ASK


def test_a_line_that_was_begun_by_a_button_is_suggested_in_the_reader_s_words():
    misread = Misread(MisreadCode.BAD_NUMBER, {"text": "x"}, "/buy btc 1.500 sl 2,5%")
    (button,) = buttons(lay(MisreadView(misread=misread), PORTUGUESE))
    assert button.label == "/comprar btc 1.500 stop 2,5%"


def test_the_first_trade_of_the_menu_is_counted_in_the_account_s_currency():
    first = buttons(lay(MenuView(is_new=True, currency="BRL"), PORTUGUESE))[0]
    assert first.label == "Comprar BTC R$ 500 · stop −2%"
    assert read_line(first.press.line) == Open(
        Direction.LONG, "BTC", SizeText(D(500)), LevelText(D(2), is_percent=True)
    )


@WORDS
def test_another_s_button_tells_in_a_toast_what_to_type_instead(words):
    typed = ProblemView(code=ProblemCode.NOT_YOURS, suggestion="/price btc")
    told = toast(typed, words)
    assert told.endswith("/price btc" if words is ENGLISH else "/preco btc")
    hidden = ProblemView(code=ProblemCode.NOT_YOURS, suggestion="=trades 2")
    assert "=" not in toast(hidden, words)


def test_what_cannot_be_read_is_no_button():
    view = MisreadView(misread=Misread(MisreadCode.EXTRA_WORD, {"text": "x"}, "/buy btc 10 20 30"))
    assert lay(view, ENGLISH).rows == ()
    assert lay(ProblemView(code=ProblemCode.INTERNAL), ENGLISH).rows == ()


def test_a_suggestion_without_money_is_done_and_an_incomplete_order_goes_on():
    view = ProblemView(code=ProblemCode.NO_SUCH_TRADE, facts={"number": "9"}, suggestion="/trades")
    assert presses(lay(view, ENGLISH))[0].kind is PressKind.DO
    begun = ProblemView(code=ProblemCode.COIN_MISSING, suggestion="/buy")
    assert presses(lay(begun, ENGLISH))[0].kind is PressKind.STEP


def test_a_close_that_is_not_wanted_leads_back_to_its_trade():
    view = structs.replace(CLOSE_ONE, on_yes=Close(ByNumber(47)))
    back = buttons(lay(view, ENGLISH))[-1]
    assert (back.label, back.press.line) == ("Back", "/trades 47")


def test_levels_are_asked_for_with_a_way_back_to_their_trade():
    view = AskView(code=AskCode.LEVEL_STOP, line="/sl 47")
    back = buttons(lay(view, ENGLISH))[-1]
    assert (back.label, back.press.line) == ("Back", "/trades 47")
    other = AskView(code=AskCode.LEVEL_STOP, line="/sl btc")
    assert buttons(lay(other, ENGLISH))[-1].press.kind is PressKind.LEAVE


def test_break_even_is_one_tap_and_called_0x0_in_brazil():
    for words, label in ((ENGLISH, "Break-even"), (PORTUGUESE, "0x0")):
        (button,) = [one for one in buttons(lay(OPENED_USDT, words)) if one.label == label]
        answer = read_line(button.press.line)
        assert isinstance(answer, SetStop)


def test_what_acts_on_an_open_trade_is_asked_about():
    message = lay(OPENED_USDT, ENGLISH)
    assert isinstance(OPENED_USDT, OpenedView)
    asked = [press for press in presses(message) if press.kind is PressKind.ASK]
    assert [understood(press).share for press in asked] == [D("0.5"), D(1)]
    assert all(isinstance(read_line(press.line), Close) and press.nonce for press in asked)


def test_settings_mark_what_holds():
    chosen = [label for label in labels(lay(SETTINGS, ENGLISH)) if label.startswith("● ")]
    assert chosen == ["● On taps", "● Hide money", "● Dark", "● Telegram", "● English"]


@WORDS
def test_forms_fit_a_modal(words):
    for view in SAMPLES.values():
        for press in presses(lay(view, words)):
            if press.kind is PressKind.FORM:
                form = form_of(press, words)
                assert 0 < len(form.title) <= 45
                assert 0 < len(form.label) <= 45
                assert 0 < len(form.placeholder) <= 100


def test_a_form_without_a_step_asks_for_its_own_word():
    zone = [press for press in presses(lay(SETTINGS, ENGLISH)) if press.kind is PressKind.FORM]
    assert form_of(zone[0], ENGLISH).placeholder == "Europe/Lisbon"
    bare = structs.replace(zone[0], line="/buy")
    assert form_of(bare, ENGLISH).title == "Your order"


@WORDS
def test_the_keyboard_has_four_lines_that_are_understood(words):
    keys = keyboard(words)
    assert [line for _, line in keys] == ["/trades", "/buy", "/balance", "/menu"]
    assert all(len(label) <= 16 for label, _ in keys)
    assert not any(isinstance(read_line(line), Misread) for _, line in keys)


@WORDS
def test_a_toast_is_short(words):
    for view in SAMPLES.values():
        assert 0 < len(toast(view, words)) <= 200
    assert toast(DoneView(code=DoneCode.NOT_DONE), ENGLISH) == "OK. Nothing was done."


@given(st.text(max_size=200))
def test_a_label_is_one_line_of_at_most_forty(text):
    assert len(clipped(text)) <= LABEL_MAX
    assert "\n" not in clipped(text)


def test_prices_lead_to_an_order_of_that_very_pair():
    message = lay(PriceView(instrument=BTC), PORTUGUESE)
    assert [press.line for press in presses(message)][:3] == [
        "/buy btcusdt",
        "/short btcusdt",
        "/alert btcusdt",
    ]
