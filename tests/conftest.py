"""Fixtures and guards for every test; the pieces live in tests/support."""

from hypothesis import settings

from tests.support.guards import (
    _no_task_left,
    _only_loopback,
    _plain_environment,
    _socket_attempts,
)
from tests.support.postgres import _shared_database, dsn, pg, shared_dsn, template

# Shared machines are slow at times; a pause is no bug.
settings.register_profile("here", deadline=None, print_blob=True)
settings.load_profile("here")
