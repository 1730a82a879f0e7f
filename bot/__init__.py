"""Knows people; holds no trading rule and no table."""
