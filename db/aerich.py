"""The configuration that aerich reads: `TORTOISE_ORM`, for the database in DATABASE_URL.

Draft the next migration against a migrated database:
`aerich --config db.aerich.TORTOISE_ORM migrate --name what_changes`, then complete its SQL by hand.
"""

import os
from pathlib import Path
from typing import Any

from db.url import database_settings

APP = "models"
LOCATION = str(Path(__file__).parent / "migrations")


def tortoise_config(dsn: str) -> dict[str, Any]:
    """Return tortoise's configuration for one connection to `dsn`."""
    credentials = database_settings(dsn, environ=os.environ).tortoise_credentials()
    return {
        "connections": {
            "default": {
                "engine": "tortoise.backends.asyncpg",
                "credentials": {**credentials, "maxsize": 1, "timeout": 10},
            }
        },
        "apps": {
            APP: {"models": ["db.models", "aerich.models"], "default_connection": "default"},
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def __getattr__(name: str) -> dict[str, Any]:
    """Read DATABASE_URL when aerich asks: an import never fails for a setting."""
    if name != "TORTOISE_ORM":
        raise AttributeError(name)
    return tortoise_config(os.environ.get("DATABASE_URL", "postgresql://postgres@/postgres"))
