"""What a dialogue remembers between two lines, free of any platform."""

from bot.conversation.dialogue import Dialogue, Heard
from bot.conversation.door import Door

__all__ = ["Dialogue", "Door", "Heard"]
