"""The environment: what each variable means, and one clear sentence for each bad value."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operator_text import _SENTENCES, explain
from bot.settings import REST_URLS, STREAM_URLS, PlatformId, Settings, SettingsError
from db.embedded.errors import EmbeddedError, FolderBusy
from db.embedded.folders import state_folder

BAD = {
    "ADMINS": ["telegram", "telegram:abc", "mail:1", "telegram:-5", "telegram:1;discord:2"],
    "ALLOWED_CHATS": ["123", "discord:-1", "terminal:ana"],
    "BINANCE_REST_URL": ["ftp://x", "https://", "api.binance.com", ",", "https://h:port"],
    "BINANCE_STREAM_URL": ["https://x", "wss://[", "wss://h:0"],
    "DATABASE_URL": ["sqlite:///x", "postgres://u:hidden@h:x/d", "postgres://[u:hidden"],
    "DEFAULT_LOCALE": ["fr", "english", "-"],
    "FEE_RATE": ["0.2", "-0.1", "1e-3", "NaN", "٠.١", "0,001", "1%"],
    "LOG_FORMAT": ["xml"],
    "LOG_LEVEL": ["loud"],
    "STARTING_BALANCE": ["10000", "usdt:", "usdt:0", "usdt:-5", "usdt:1,usdt:2", "usdt:1e9", ","],
}


def test_nothing_set_means_a_working_desk():
    settings = Settings.from_environ({})
    assert settings == Settings(home=state_folder({}))
    assert settings.stream_urls == STREAM_URLS
    assert settings.rest_urls == REST_URLS
    assert settings.starting_balance == {"USDT": Decimal(10_000), "BRL": Decimal(50_000)}
    assert settings.fee_rate == Decimal("0.001")


def test_every_variable_is_read():
    settings = Settings.from_environ(
        {
            "VIGILANTE_HOME": "/srv/desk",
            "DATABASE_URL": "postgres://u:hidden@h/d",
            "BINANCE_STREAM_URL": "ws://127.0.0.1:9/ , wss://b",
            "BINANCE_REST_URL": "http://127.0.0.1:8/",
            "STARTING_BALANCE": "usdt:1000.50, brl:7",
            "FEE_RATE": "0",
            "DEFAULT_LOCALE": "pt_BR.UTF-8",
            "ADMINS": "telegram:123, discord:456,terminal:ana",
            "ALLOWED_CHATS": "telegram:-100123,discord:9",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "JSON",
        }
    )
    assert settings.home == Path("/srv/desk")
    assert settings.database_url == "postgres://u:hidden@h/d"
    assert settings.database
    assert settings.database.host == "h"
    assert settings.stream_urls == ("ws://127.0.0.1:9", "wss://b")
    assert settings.rest_urls == ("http://127.0.0.1:8",)
    assert settings.starting_balance == {"USDT": Decimal("1000.50"), "BRL": Decimal(7)}
    assert settings.fee_rate == 0
    assert settings.default_locale == "pt-BR"
    assert settings.admins == {
        PlatformId("telegram", "123"),
        PlatformId("discord", "456"),
        PlatformId("terminal", "ana"),
    }
    assert settings.allowed_chats == {
        PlatformId("telegram", "-100123"),
        PlatformId("discord", "9"),
    }
    assert (settings.log_level, settings.log_format) == ("DEBUG", "json")
    assert "hidden" not in repr(settings)


def test_an_empty_variable_counts_as_not_set():
    assert Settings.from_environ(dict.fromkeys(BAD, "  ")) == Settings.from_environ({})


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in BAD.items() for v in values])
def test_a_bad_value_is_one_sentence_with_the_name_and_an_example(name, value):
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ({name: value})
    said = str(caught.value)
    assert said.startswith(f"{name} is ")
    assert f"for example {name}=" in said
    assert "\n" not in said
    assert "hidden" not in said + repr(caught.value)


@pytest.mark.parametrize("name", [name for name in BAD if name != "DATABASE_URL"])
def test_the_example_of_each_sentence_works(name):
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ({name: BAD[name][0]})
    example = caught.value.placeholders["example"]
    assert isinstance(Settings.from_environ({name: example}), Settings)


def sentence_about(environ):
    try:
        Settings.from_environ(environ)
    except SettingsError as error:
        return str(error)
    return ""


@given(st.sampled_from(sorted(BAD)), st.text(st.characters(exclude_characters="\0"), max_size=200))
def test_no_value_ends_in_anything_but_settings_or_one_short_sentence(name, value):
    assert len(sentence_about({name: value})) < 300


def every_error(kind):
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in every_error(child))]


def test_every_start_error_has_its_sentence():
    codes = {kind.code for kind in every_error(EmbeddedError)} - {"embedded"}
    assert codes <= set(_SENTENCES)
    assert "in use by process 7" in explain(FolderBusy(folder="/srv/desk", pid=7))


def test_an_error_without_a_sentence_speaks_for_itself():
    assert explain(EmbeddedError(reason="odd")) == "embedded reason=odd"
