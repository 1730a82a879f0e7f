"""The colors of both themes, and the only ones: told apart by eyes that see no red or green."""

from dataclasses import dataclass

from bot.views import Theme


@dataclass(frozen=True)
class Palette:
    """Colors as `#RRGGBB`. `ink_on_color` is read on a filled pill."""

    ground: str
    panel: str
    ink: str
    quiet_ink: str
    grid: str
    gain: str
    loss: str
    quiet_gain: str
    quiet_loss: str
    ink_on_color: str

    def of(self, *, is_gain: bool) -> str:
        """Return the color of a gain or of a loss."""
        return self.gain if is_gain else self.loss


DARK = Palette(
    ground="#11161C",
    panel="#171E26",
    ink="#EEF2F5",
    quiet_ink="#A3AFBB",
    grid="#2A343F",
    gain="#3FD0C9",
    loss="#F2643D",
    quiet_gain="#22615F",
    quiet_loss="#6E3526",
    ink_on_color="#11161C",
)
LIGHT = Palette(
    ground="#FFFFFF",
    panel="#F2F5F7",
    ink="#11161C",
    quiet_ink="#55616C",
    grid="#DDE3E8",
    gain="#00857A",
    loss="#C8401A",
    quiet_gain="#A9D5D0",
    quiet_loss="#EDBFB1",
    ink_on_color="#FFFFFF",
)


def palette_of(theme: Theme) -> Palette:
    """Return a theme's colors."""
    return LIGHT if theme is Theme.LIGHT else DARK
