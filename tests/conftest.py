"""Fixtures and guards for every test; the pieces live in tests/support."""

from hypothesis import settings

from tests.support.guards import _no_task_left as _no_task_left
from tests.support.guards import _only_loopback as _only_loopback
from tests.support.guards import _plain_environment as _plain_environment
from tests.support.guards import _socket_attempts as _socket_attempts
from tests.support.postgres import _shared_database as _shared_database
from tests.support.postgres import dsn as dsn
from tests.support.postgres import pg as pg
from tests.support.postgres import shared_dsn as shared_dsn
from tests.support.postgres import template as template

# Shared machines are slow at times; a pause is no bug.
settings.register_profile("here", deadline=None, print_blob=True)
settings.load_profile("here")
