"""The vigil: what is watched, between one print and the next."""

from engine.core.vigil.vigil import Counts, Deferred, QuietWatch, Vigil

__all__ = ["Counts", "Deferred", "QuietWatch", "Vigil"]
