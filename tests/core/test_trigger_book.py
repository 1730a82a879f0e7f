"""The trigger book against a plain sorted list, and its flat slots."""

import random
from math import inf

import pytest

from engine.core.trigger_book import BLOCK, KIND_BITS, KIND_MASK, STOP, SymbolBook, Thresholds, pack


def test_an_empty_book_is_touched_by_nothing():
    book = SymbolBook()
    assert (book.floor, book.ceiling, len(book)) == (-inf, inf, 0)
    assert not book.touch(100.0)
    assert book.take(100.0) == []


@pytest.mark.parametrize(
    ("price", "fired"),
    [
        (96.0, []),
        (95.0, [1]),
        (94.99, [1]),
        (90.0, [1, 2]),
        (105.0, [3]),
        (104.99, []),
        (120.0, [3, 4]),
    ],
)
def test_a_print_fires_what_it_is_at_or_beyond(price, fired):
    book = SymbolBook()
    for key, owner in ((95.0, 1), (90.0, 2), (-105.0, 3), (-110.0, 4)):
        book.add(key, owner)
    assert (book.floor, book.ceiling) == (95.0, 105.0)
    assert book.touch(price) == bool(fired)
    assert sorted(book.take(price)) == fired
    assert len(book) == 4 - len(fired)
    assert not book.touch(price)


def test_a_pending_symbol_is_touched_by_every_print_until_it_is_settled():
    book = SymbolBook()
    book.add(95.0, 1)
    book.force(True)
    book.add(96.0, 2)
    assert book.touch(1000.0)
    book.force(False)
    assert (book.floor, book.ceiling) == (96.0, inf)


def test_removing_names_exactly_one_threshold():
    book = SymbolBook()
    book.add(95.0, 1)
    book.add(95.0, 2)
    assert book.remove(95.0, 1)
    assert not book.remove(95.0, 1)
    assert not book.remove(94.0, 2)
    assert not book.remove(96.0, 2)
    assert not book.remove(-95.0, 2)
    assert book.owners() == [(95.0, 2)]
    assert book.floor == 95.0


def test_an_owner_keeps_id_and_kind():
    owner = pack(123_456_789_012, STOP)
    assert (owner >> KIND_BITS, owner & KIND_MASK) == (123_456_789_012, STOP)


@pytest.mark.parametrize("levels", [5, 40, 100_000], ids=["crowded", "round", "spread"])
def test_blocks_behave_as_one_sorted_list(levels):
    rng = random.Random(levels)
    book, plain = Thresholds(), set()
    for owner in range(4 * BLOCK):
        entry = (float(rng.randrange(1, levels + 1)), owner)
        book.add(*entry)
        plain.add(entry)
    for entry in rng.sample(sorted(plain), 2 * BLOCK):
        assert book.remove(*entry)
        plain.remove(entry)
    assert book.entries() == sorted(plain)
    assert book.top == max(plain)[0]
    while plain:
        key = max(plain)[0] - levels // 5
        taken = {entry for entry in plain if entry[0] >= key}
        assert sorted(book.take(key)) == sorted(owner for _, owner in taken)
        plain -= taken
        assert book.entries() == sorted(plain)
    assert book.top == -inf
    assert not book.remove(1.0, 1)


def test_equal_levels_over_many_blocks_are_found_by_owner():
    book = Thresholds()
    for owner in range(5 * BLOCK):
        book.add(100.0, owner)
    for owner in range(0, 5 * BLOCK, 7):
        assert book.remove(100.0, owner)
        assert not book.remove(100.0, owner)
    assert book.entries() == [(100.0, o) for o in range(5 * BLOCK) if o % 7]


def test_removing_a_whole_block_and_its_first_entry_keeps_the_order():
    book = Thresholds()
    for owner in range(2 * BLOCK + 1):
        book.add(float(owner + 1), owner)
    assert book.remove(1.0, 0)
    for owner in range(BLOCK, 2 * BLOCK + 1):
        assert book.remove(float(owner + 1), owner)
    assert book.entries() == [(float(o + 1), o) for o in range(1, BLOCK)]
    book.add(0.5, 9)
    assert book.entries()[0] == (0.5, 9)
