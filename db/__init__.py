"""Knows tables; knows trading only as records, and no chat at all."""
