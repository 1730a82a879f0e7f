"""The time zone of an environment, until a person says another."""

import os
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import available_timezones

LOCALTIME = Path("/etc/localtime")
HOME_OF = {"pt-BR": "America/Sao_Paulo"}


def local_zone(environ: Mapping[str, str], locale: str, localtime: Path = LOCALTIME) -> str:
    """Return the IANA zone of TZ or of the machine; a machine on UTC tells nothing.

    Then Brazilian Portuguese means Sao Paulo, and everything else UTC.
    """
    for name in (environ.get("TZ", ""), _linked(localtime)):
        zone = name.lstrip(":")
        if zone in available_timezones() and not zone.endswith(("UTC", "UCT", "GMT")):
            return zone
    return zone_of(locale)


def zone_of(locale: str) -> str:
    """Return the zone that a language suggests: Sao Paulo for Brazilian Portuguese, else UTC."""
    return HOME_OF.get(locale, "UTC")


def _linked(localtime: Path) -> str:
    try:
        target = os.path.realpath(localtime)
    except OSError:
        return ""
    return target.partition("zoneinfo/")[2]
