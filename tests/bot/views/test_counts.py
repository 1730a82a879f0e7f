"""None, one and many are said as people say them, in both languages."""

import pytest
from msgspec import structs

from bot.views import CaughtUp, ExitView, ReceiptView
from tests.bot.views.samples import ENGLISH, PORTUGUESE, at, text_of
from tests.transcripts.exits import HALF
from tests.transcripts.samples import HEALTH, STATUS, D


def found(prints, fills):
    return CaughtUp(since_ms=at(9), until_ms=at(9, 0, 42), prints=prints, fills=fills)


@pytest.mark.parametrize(
    ("prints", "fills", "words", "told"),
    [
        (0, 0, ENGLISH, "Replayed no prints, nothing found late"),
        (1, 1, ENGLISH, "Replayed 1 print, 1 exit found late"),
        (18_204, 3, ENGLISH, "Replayed 18,204 prints, 3 exits found late"),
        (0, 0, PORTUGUESE, "Nenhum negócio a conferir, nenhuma saída tardia"),
        (1, 1, PORTUGUESE, "Conferi 1 negócio, 1 saída tardia"),
        (18_204, 3, PORTUGUESE, "Conferi 18.204 negócios, 3 saídas tardias"),
    ],
)
def test_a_receipt_counts_its_prints(prints, fills, words, told):
    assert text_of(ReceiptView(found=found(prints, fills)), words).endswith(told)


@pytest.mark.parametrize(
    ("count", "words", "told"),
    [
        (0, ENGLISH, "none open · 1 waiting"),
        (1, ENGLISH, "1 open · 1 waiting"),
        (0, PORTUGUESE, "nenhuma aberta · 1 aguardando"),
        (1, PORTUGUESE, "1 aberta · 1 aguardando"),
        (10_000, PORTUGUESE, "10.000 abertas · 1 aguardando"),
    ],
)
def test_the_health_counts_its_trades(count, words, told):
    health = structs.replace(HEALTH, open_trades=count, waiting_orders=1)
    assert told in text_of(health, words).splitlines()


@pytest.mark.parametrize(
    ("count", "words", "told"),
    [
        (0, ENGLISH, "none open in all · 2 waiting"),
        (1, ENGLISH, "1 open in all · 2 waiting"),
        (0, PORTUGUESE, "nenhuma aberta no total · 2 aguardando"),
        (1, PORTUGUESE, "1 aberta no total · 2 aguardando"),
    ],
)
def test_the_status_counts_its_trades(count, words, told):
    status = structs.replace(STATUS, open_count=count, waiting_count=2)
    assert told in text_of(status, words).splitlines()


@pytest.mark.parametrize(
    ("prints", "fills", "words", "told"),
    [
        (0, 0, ENGLISH, "Last start: no prints, no fills"),
        (1, 1, ENGLISH, "Last start: 1 print, 1 fill"),
        (0, 0, PORTUGUESE, "Início: nenhum negócio, nenhuma execução"),
        (1, 1, PORTUGUESE, "Início: 1 negócio, 1 execução"),
    ],
)
def test_the_status_counts_what_a_start_has_caught_up(prints, fills, words, told):
    status = structs.replace(STATUS, caught_up=found(prints, fills))
    assert told in text_of(status, words).splitlines()


@pytest.mark.parametrize(("share", "told"), [("0.5", "metade"), ("0.3", "30%"), ("0.01", "1%")])
def test_a_part_agrees_with_its_verb_whatever_it_is(share, told):
    part: ExitView = structs.replace(HALF, share=D(share))
    assert f"#47 vendi {told} a 62.711,20" in text_of(part, PORTUGUESE)
