"""One person's words: messages, numbers, money and times in his language and zone."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime

from bot.text.catalog import Catalog
from bot.text.numbers import MINUS, fixed, price_text, signed, trimmed
from bot.text.times import moment, span
from engine.core.instrument import Instrument
from engine.core.numbers import ZERO

CENTS = 2
QUANTITY_DECIMALS = 8
RATIO_DECIMALS = 1


class Words:
    """Everything that turns values into text for one locale (`en`, `pt-BR`) and IANA zone."""

    def __init__(self, catalog: Catalog, locale: str, zone: str = "UTC") -> None:
        self.locale = locale
        self.zone = zone
        self._catalog = catalog
        self._babel = Locale.parse(locale, sep="-")
        self._zone = ZoneInfo(zone)

    def say(self, message_id: str, **placeholders: Any) -> str:
        """Return a message; texts are put in as they are, whole numbers choose a plural."""
        return self._catalog.say(self.locale, message_id, placeholders)

    def amount(self, value: Decimal, *, is_signed: bool = False) -> str:
        """Write money without its currency: `9,989.00`, `+2.51`, `−3.90`."""
        text = fixed(value, CENTS, self._babel)
        return signed(text, value) if is_signed else text

    def money(self, value: Decimal, currency: str, *, is_signed: bool = False) -> str:
        """Write money with its currency: `499.83 USDT`, `−R$ 55,07`."""
        text = self.amount(value, is_signed=is_signed)
        return self._real(text) if currency == "BRL" else f"{text} {currency}"

    def brief(self, value: Decimal, currency: str, *, is_signed: bool = False) -> str:
        """Write money where the account is understood: `9,989.00`, but `R$ 49.944,93`."""
        text = self.amount(value, is_signed=is_signed)
        return self._real(text) if currency == "BRL" else text

    def asked(self, value: Decimal, currency: str) -> str:
        """Write money as it was asked for, whole without cents: `500 USDT`, `R$ 500`."""
        text = self.amount(value) if value % 1 else self.whole(int(value))
        return self._real(text) if currency == "BRL" else f"{text} {currency}".rstrip()

    def _real(self, text: str) -> str:
        sign = text[:1] if text[:1] in {MINUS, "+"} else ""
        return f"{sign}R$ {text[len(sign) :]}"

    def price(self, value: Decimal, instrument: Instrument) -> str:
        """Write a price with as many decimals as matter to the symbol."""
        return price_text(value, instrument.tick_size, self._babel)

    def quoted(self, value: Decimal, instrument: Instrument) -> str:
        """Write a price with its currency: `61,480.00 USDT`, `R$ 334.500`."""
        text, quote = self.price(value, instrument), instrument.quote
        return self._real(text) if quote == "BRL" else f"{text} {quote}"

    def quantity(self, value: Decimal) -> str:
        """Write a quantity of base without needless zeros."""
        return trimmed(value, QUANTITY_DECIMALS, self._babel)

    def number(self, value: Decimal) -> str:
        """Write a number with the decimals that it has: one that somebody typed."""
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int), "a finite number"
        return fixed(value, max(0, -exponent), self._babel)

    def whole(self, value: int) -> str:
        """Write a count, grouped."""
        return fixed(Decimal(value), 0, self._babel)

    def percent(
        self, ratio: Decimal, decimals: int = 2, *, is_signed: bool = False, is_full: bool = False
    ) -> str:
        """Write a ratio as a percentage; `is_full` keeps its zeros: `+0.50%`, `−2%`."""
        value = ratio * 100
        write = fixed if is_full else trimmed
        text = write(value, decimals, self._babel)
        return (signed(text, value) if is_signed else text) + "%"

    def ratio(self, value: Decimal) -> str:
        """Write a multiple of the risk: `+1.7`, `−1`."""
        return signed(trimmed(value, RATIO_DECIMALS, self._babel), value)

    def arrow(self, value: Decimal) -> str:
        """Return the sign that is seen without color; nothing for zero."""
        if value == ZERO:
            return "▪"
        return "▲" if value > ZERO else "▼"

    def span(self, milliseconds: int) -> str:
        """Write a length of time: `84 ms`, `47 s`, `12 min`, `3h12`, `2d 4h`."""
        return span(milliseconds)

    def clock(self, time_ms: int) -> str:
        """Write a moment's local time: `14:05:33`."""
        return format_datetime(moment(time_ms, self._zone), "HH:mm:ss", locale=self._babel)

    def minute(self, time_ms: int) -> str:
        """Write a moment's local hour and minute: `14:05`."""
        return format_datetime(moment(time_ms, self._zone), "HH:mm", locale=self._babel)

    def day(self, time_ms: int) -> str:
        """Write a moment's local day: `Nov 22`, `22/11`."""
        pattern = "dd/MM" if self.locale == "pt-BR" else "MMM d"
        return format_datetime(moment(time_ms, self._zone), pattern, locale=self._babel)

    def day_and_minute(self, time_ms: int) -> str:
        """Write a moment's local day, hour and minute."""
        return f"{self.day(time_ms)} {self.minute(time_ms)}"

    def coin(self, instrument: Instrument, currency: str) -> str:
        """Name what is traded: the coin alone in the account's currency, else the pair."""
        if instrument.quote == currency:
            return instrument.base
        return f"{instrument.base}/{instrument.quote}"
