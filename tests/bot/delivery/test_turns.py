"""The schedule against a plain one that looks at everybody: budget, order, and nobody lost."""

import time
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.courier import Budget, Priority
from bot.delivery.turns import SHARE, Crowded, Turns, Waiter

# Powers of two, so that the plain schedule's sums are exact.
BUDGET = Budget(per_second=8, chat_per_second=0.5, chat_burst=2, group_per_minute=6)
GROUP = "-1"
CHATS = ("1", "2", "3", GROUP)
TICK = 1 / 64


@dataclass
class Plain:
    """What the schedule promises, computed from the log of turns."""

    waiting: list[Waiter] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    of_chat: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    held: dict[str, float] = field(default_factory=dict)

    def eligible(self, now: float) -> list[Waiter]:
        if not self._may_any(now):
            return []
        return [one for one in self.waiting if self._may(one.chat.id, now)]

    def _may_any(self, now: float) -> bool:
        recent = [at for at in self.turns if at > now - 1]
        tokens = _tokens(self.turns, now, BUDGET.per_second, 4)
        return now >= self.held.get("", 0) and len(recent) < BUDGET.per_second and tokens >= 1

    def _may(self, chat_id: str, now: float) -> bool:
        turns = self.of_chat[chat_id]
        if now < self.held.get(chat_id, 0):
            return False
        if chat_id == GROUP and len([at for at in turns if at > now - 60]) >= 6:
            return False
        return _tokens(turns, now, BUDGET.chat_per_second, BUDGET.chat_burst) >= 1

    def note(self, waiter: Waiter, now: float) -> None:
        self.waiting.remove(waiter)
        self.turns.append(now)
        self.of_chat[waiter.chat.id].append(now)


def _tokens(turns: list[float], now: float, rate: float, burst: int) -> float:
    tokens, last = float(burst), 0.0
    for at in [*turns, now]:
        tokens = min(burst, tokens + (at - last) * rate)
        tokens, last = tokens - 1, at
    return tokens + 1


class Scene:
    """A schedule beside its plain twin, under one clock."""

    def __init__(self) -> None:
        self.now = 1.0
        self.turns = Turns(BUDGET, waiters_max=1_000)
        self.plain = Plain()
        self.contested = 0

    def add(self, chat_id: str, priority: Priority) -> None:
        waiter = self.turns.add(chat_id, priority, self.now, is_group=chat_id == GROUP)
        self.plain.waiting.append(waiter)

    def cancel(self, number: int) -> None:
        if self.plain.waiting:
            waiter = self.plain.waiting.pop(number % len(self.plain.waiting))
            assert self.turns.remove(waiter)
            assert not self.turns.remove(waiter)

    def hold(self, chat_id: str, seconds: float) -> None:
        self.turns.hold(chat_id, self.now + seconds)
        until = max(self.plain.held.get(chat_id, 0), self.now + seconds)
        self.plain.held[chat_id] = until

    def take_all(self) -> None:
        while eligible := self.plain.eligible(self.now):
            waiter = self.turns.take(self.now)
            assert waiter is not None, "idle while somebody could go"
            assert waiter in eligible, "out of budget"
            self._check_order(waiter, eligible)
            self.plain.note(waiter, self.now)
        assert self.turns.take(self.now) is None, "out of budget"
        assert len(self.turns) == len(self.plain.waiting)

    def _check_order(self, waiter: Waiter, eligible: list[Waiter]) -> None:
        of_class = [one for one in eligible if one.priority == waiter.priority]
        assert waiter is min(of_class, key=lambda one: one.number), "who came first goes first"
        top = min(one.priority for one in eligible)
        if len({one.priority for one in eligible}) > 1:
            self.contested += 1
            is_share = self.contested % SHARE == 0
            assert (waiter.priority == top) is not is_share, "a class out of turn"

    def wait(self, seconds: float) -> None:
        """Let time pass, tick by tick: the schedule must name every moment that matters."""
        until = self.now + seconds
        while (at := self.turns.next_at(self.now)) is not None and at <= until:
            self._pass_to(at)
            self.take_all()
        self._pass_to(until)

    def _pass_to(self, at: float) -> None:
        moment = self.now + TICK
        while moment < at:
            assert not self.plain.eligible(moment), "idle while somebody could go"
            moment += TICK
        self.now = max(self.now, at)


adding = st.tuples(st.just("add"), st.sampled_from(CHATS), st.sampled_from(Priority))
canceling = st.tuples(st.just("cancel"), st.integers(0, 30))
holding = st.tuples(st.just("hold"), st.sampled_from((*CHATS, "")), st.sampled_from((0.5, 2, 5)))
waiting = st.tuples(st.just("wait"), st.sampled_from((TICK, 0.125, 0.5, 1.5, 4)))


@given(st.lists(st.one_of(adding, adding, adding, canceling, holding, waiting), max_size=60))
def test_no_budget_is_exceeded_none_idles_and_nobody_is_lost_or_overtaken(steps):
    scene = Scene()
    for name, *arguments in steps:
        getattr(scene, name)(*arguments)
        scene.take_all()
    scene.wait(400)
    assert not scene.plain.waiting
    assert scene.turns.next_at(scene.now) is None
    scene.turns.add("9", Priority.EXIT, scene.now + 1000)
    assert scene.turns.take(scene.now + 1000)
    scene.turns.take(scene.now + 2000)
    assert scene.turns.chats_kept == 0, "a chat at rest is forgotten"


def test_a_chat_that_rests_never_delays_another():
    turns = Turns(BUDGET, 100)
    turns.hold("1", 3600.0)
    slow = turns.add("1", Priority.EXIT, 0.0)
    for number in range(8):
        turns.add(str(2 + number), Priority.BROADCAST, 0.0)
    taken = []
    now = 0.0
    while (at := turns.next_at(now)) is not None and at < 3600:
        now = at
        if waiter := turns.take(now):
            taken.append((now, waiter))
    assert len(taken) == 8
    assert taken[-1][0] == 0.5
    assert slow not in [waiter for _, waiter in taken]
    assert turns.take(3600.0) is slow


def test_each_lower_class_gets_its_share_of_a_busy_gate():
    turns = Turns(Budget(per_second=1024, chat_per_second=1024, chat_burst=1024), 100_000)
    for number in range(400):
        for priority in Priority:
            turns.add(str(number), priority, 0.0)
    served = defaultdict(int)
    now = 0.0
    while served[Priority.EXIT] < 360:
        now = turns.next_at(now) or now
        waiter = turns.take(now)
        assert waiter is not None
        served[waiter.priority] += 1
    assert served == {
        Priority.EXIT: 360,
        Priority.ANSWER: 10,
        Priority.ALERT: 10,
        Priority.LIVE: 10,
        Priority.BROADCAST: 9,
    }


@pytest.mark.parametrize(
    ("waiting", "newcomer", "given_way"),
    [
        ((Priority.LIVE, Priority.BROADCAST, Priority.ALERT), Priority.EXIT, Priority.BROADCAST),
        ((Priority.ALERT, Priority.LIVE, Priority.ALERT), Priority.ALERT, Priority.LIVE),
        ((Priority.ALERT, Priority.ALERT, Priority.ALERT), Priority.ANSWER, Priority.ALERT),
        ((Priority.LIVE, Priority.LIVE, Priority.LIVE), Priority.LIVE, None),
        ((Priority.EXIT, Priority.EXIT, Priority.EXIT), Priority.BROADCAST, None),
    ],
)
def test_the_youngest_of_the_lowest_class_gives_way_when_it_is_full(waiting, newcomer, given_way):
    turns = Turns(BUDGET, waiters_max=3)
    waiters = [turns.add("1", priority, 0.0) for priority in waiting]
    if given_way is None:
        with pytest.raises(Crowded):
            turns.displaced(newcomer)
        assert len(turns) == 3
        return
    displaced = turns.displaced(newcomer)
    assert displaced is [one for one in waiters if one.priority is given_way][-1]
    assert len(turns) == 2


def test_fifty_thousand_waiters_cost_each_turn_no_more_than_a_few():
    def turn_seconds(count: int) -> float:
        turns = Turns(Budget(per_second=1024, chat_per_second=1, chat_burst=1), 100_000)
        for number in range(count):
            turns.add(str(number % 20_000), Priority(number % 5), 0.0)
        now, spent = 0.0, []
        for _ in range(2_000):
            now = turns.next_at(now) or now
            began = time.perf_counter()
            turns.take(now)
            turns.next_at(now)
            spent.append(time.perf_counter() - began)
        return sorted(spent)[len(spent) // 2]

    assert turn_seconds(50_000) < 20 * turn_seconds(2_500) + 50e-6
