"""A Postgres server of our own, for machines where nobody set one up.

It serves one folder and one process; it never touches a server that it did not start.
"""

from db.embedded.errors import EmbeddedError as EmbeddedError
from db.embedded.folders import state_folder as state_folder
from db.embedded.server import EmbeddedPostgres as EmbeddedPostgres
