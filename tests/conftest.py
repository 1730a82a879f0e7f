"""Fixtures and guards for every test; the pieces live in tests/support."""


