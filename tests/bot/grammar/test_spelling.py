"""A line that was understood is kept as a line of `en` and means the same for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.parse import parse
from bot.grammar.requests import Misread
from bot.grammar.words import in_words_of, renumbered
from bot.use_cases.lines import spelled

LOCALES = st.sampled_from(["en", "pt-BR"])
DIGITS = st.integers(1, 4).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))
NUMBERS = st.one_of(
    st.integers(1, 999_999).map(str),
    st.tuples(st.integers(0, 99_999), st.sampled_from(".,"), DIGITS).map(
        lambda parts: f"{parts[0]}{parts[1]}{parts[2]}"
    ),
    st.sampled_from(["1.500,50", "1,500.50", "1.234.567", "0.125", "0,125", ".5"]),
)
AMOUNTS = st.one_of(
    st.tuples(st.sampled_from(["R$", "$"]), NUMBERS, st.sampled_from(["", "k", "mil"])),
    st.tuples(
        NUMBERS, st.sampled_from(["", "%", "k", "m", "usdt", "btc", "kusdt", "brl", "1inch"])
    ),
).map("".join)
COINS = st.sampled_from(["btc", "btcusdt", "eth/brl", "$sol", "1inch", "", ""])
LINES = st.one_of(
    st.builds(
        lambda verb, coin, amount, stop, target: f"{verb} {coin} {amount} {stop} {target}",
        st.sampled_from(["/buy", "/comprar", "/short", "/plan swing", "/vender"]),
        COINS,
        AMOUNTS | st.just(""),
        st.sampled_from(["", "sl=", "stop "]).flatmap(
            lambda word: AMOUNTS.map(lambda level: f"{word}{level}" if word else "")
        ),
        st.sampled_from(["", "tp", "alvo="]).flatmap(
            lambda word: AMOUNTS.map(lambda level: f"{word}{level}" if word else "")
        ),
    ),
    st.builds(
        lambda verb, trade, level: f"{verb} {trade} {level}",
        st.sampled_from(["/sl", "/alvo", "/alert", "/alerta"]),
        st.sampled_from(["", "47", "#47", "btc"]),
        AMOUNTS | st.sampled_from(["off", "+3,5%", "-2.5%", "R$330.000 off"]),
    ),
    st.builds(
        lambda trade, share: f"/fechar {trade} {share}",
        st.sampled_from(["", "47", "btc", "tudo"]),
        AMOUNTS,
    ),
)


@given(LINES, LOCALES)
def test_what_was_understood_is_understood_again_with_every_doubt(line, locale):
    request = parse(line, locale)
    if isinstance(request, Misread):
        return
    kept = spelled(request)
    assert parse(kept, "en") == request
    assert parse(renumbered(kept, locale), locale) == request
    assert parse(in_words_of(kept, locale), locale) == request


@pytest.mark.parametrize(
    ("line", "locale", "kept"),
    [
        ("/comprar btc 1.500 stop=58.500", "pt-BR", "/buy btc 1,500 sl=58,500"),
        ("/comprar btc 1,500 stop=58,500", "pt-BR", "/buy btc 1.500 sl=58.500"),
        ("/buy btc 1.500k", "en", "/buy btc 1.500k"),
        ("/comprar btc 0,125btc", "pt-BR", "/buy btc 0.1250btc"),
        ("/buy btc 500 tp=R$400.000", "pt-BR", "/buy btc 500 tp=400,000brl"),
        ("/sl 60k", "en", "/sl 60000.0"),
        ("/buy 2.0btc", "en", "/buy 2.0btc"),
        ("/plan swing 2.0btc", "en", "/plan swing 2.0btc"),
        ("/alerta btc 70.000", "pt-BR", "/alert btc 70,000"),
    ],
)
def test_it_is_kept_in_the_numbers_of_en(line, locale, kept):
    request = parse(line, locale)
    assert not isinstance(request, Misread)
    assert spelled(request) == kept
