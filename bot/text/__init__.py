"""Words in both languages, and numbers, money and times as each language writes them."""

from bot.text.catalog import Catalog, load_catalog
from bot.text.words import Words

__all__ = ["Catalog", "Words", "load_catalog"]
