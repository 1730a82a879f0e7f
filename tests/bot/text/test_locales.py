"""The environment's own words decide the language, in POSIX's order."""

import pytest

from bot.text.locales import locale_of


@pytest.mark.parametrize(
    ("environ", "fallback", "locale"),
    [
        ({"LANG": "pt_BR.UTF-8"}, None, "pt-BR"),
        ({"LANG": "pt_PT"}, "en", "pt-BR"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "pt_BR.UTF-8"}, None, "en"),
        ({"LC_MESSAGES": "pt", "LANG": "en_US"}, None, "pt-BR"),
        ({"LC_ALL": "", "LANG": "pt_BR"}, None, "pt-BR"),
        ({"LC_ALL": "C.UTF-8"}, "pt-BR", "pt-BR"),
        ({"LANG": "POSIX"}, None, "en"),
        ({"LANG": "de_DE.UTF-8"}, "pt-BR", "en"),
        ({}, None, "en"),
    ],
)
def test_the_first_variable_that_is_set_decides(environ, fallback, locale):
    assert locale_of(environ, fallback) == locale
