"""Cuts a batch into waves: inside one, no effect rests on another, so one statement does many.

A trade or order stands once in a wave. Exits of one account may share a wave, since credits add
up in any order; an entry shares its account with nobody. A reset stands alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.core.effects import AccountReset, Effect, TradeExited, TradeOpened
from engine.ports import Decided
from engine.reach import rests_on


@dataclass(frozen=True)
class Item:
    """One effect with its position in the batch."""

    position: int
    decided: Decided

    @property
    def effect(self) -> Effect:
        """What is to be stored."""
        return self.decided.effect


def waves(items: Iterable[Item]) -> list[list[Item]]:
    """Cut items into waves that keep the order per trade, order and account."""
    cut = _Cut()
    for item in items:
        cut.add(item)
    return cut.waves


class _Cut:
    def __init__(self) -> None:
        self.waves: list[list[Item]] = []
        self._floor = 0
        self._next: dict[int, int] = {}
        self._after_entry: dict[int, int] = {}
        self._after_exit: dict[int, int] = {}

    def add(self, item: Item) -> None:
        effect = item.effect
        if isinstance(effect, AccountReset):
            self.waves.append([item])
            self._floor = len(self.waves)
            return
        ids = rests_on(effect)
        wave = max([self._floor, *(self._next.get(one, 0) for one in ids)])
        if isinstance(effect, TradeOpened | TradeExited):
            wave = self._beside_account(wave, effect)
        while len(self.waves) <= wave:
            self.waves.append([])
        self.waves[wave].append(item)
        for one in ids:
            self._next[one] = wave + 1

    def _beside_account(self, wave: int, effect: TradeOpened | TradeExited) -> int:
        account = effect.trade.account_id
        wave = max(wave, self._after_entry.get(account, 0))
        if isinstance(effect, TradeOpened):
            wave = max(wave, self._after_exit.get(account, 0))
            self._after_entry[account] = wave + 1
        else:
            self._after_exit[account] = max(wave + 1, self._after_exit.get(account, 0))
        return wave
