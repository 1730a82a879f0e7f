"""Discord over loopback sockets: REST, gateway, people, limits, faults, and a door to control it.

In a test: `async with DiscordStandIn() as server:` ... `ana = server.user(7, "Ana")`.
As a process: `python -m tests.support.discord`; then POST to `/control/...` of its port.
"""

from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from tests.support.discord.control import Control
from tests.support.discord.gateway import Gateway
from tests.support.discord.messages import Messages
from tests.support.discord.people import Person
from tests.support.discord.rest import Rest
from tests.support.discord.traffic import Faults, Limits, Request
from tests.support.discord.world import DM, GROUP_DM, GUILD_TEXT, Account, Channel, Guild, World

if TYPE_CHECKING:  # its library is not loaded where no description is given
    from tests.support.specs.discord import DiscordSpec

APPLICATION_ID = 1_100_000_000_000_000_001
TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.GStand.in-token-of-loopback-0123456789abcdef"
BODY_BYTES_MAX = 30 << 20


class DiscordStandIn:
    """One Discord on one port. `api_url` and `gateway_url` are what a bot is pointed at.

    `requests`: all that REST was asked. `problems`: what `spec` objected to. `faults`, `limits`:
    see traffic.py. `gateway`: its sessions and their faults. `world`: everything that exists.
    """

    def __init__(
        self, *, token: str = TOKEN, port: int = 0, spec: "DiscordSpec | None" = None
    ) -> None:
        self._port = port
        self.token = token
        self.world = World(token, APPLICATION_ID)
        messages = Messages(self.world)
        self.rest = Rest(self.world, messages, spec)
        self.gateway = Gateway(self.world, self.rest.faults)
        self.world.publish = self.gateway.publish
        self._messages = messages
        self.people: dict[int, Person] = {}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Open the port."""
        app = web.Application(client_max_size=BODY_BYTES_MAX)
        self.rest.add_routes(app)
        app.router.add_route("*", "/control/{what}", Control(self).serve)
        app.router.add_get("/", self.gateway.serve)
        app.router.add_get("/attachments/{channel}/{id}/{name}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.world.base_url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Cut every connection and close the port."""
        self.gateway.drop()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.world.base_url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return self.world.base_url.replace("http", "ws", 1) + "/"

    @property
    def requests(self) -> list[Request]:
        return self.rest.requests

    @property
    def problems(self) -> list[str]:
        return self.rest.problems

    @property
    def faults(self) -> Faults:
        return self.rest.faults

    @property
    def limits(self) -> Limits:
        return self.rest.limits

    @property
    def commands(self) -> list[dict[str, Any]]:
        """The commands synced for everywhere."""
        return self.rest.commands.get(0, [])

    def asked(self, method: str, path: str = "") -> list[Request]:
        """Return the requests of a method whose path contains `path`."""
        return [one for one in self.requests if one.method == method and path in one.path]

    def user(
        self, id: int, name: str = "Ana", locale: str = "en-US", *, has_installed: bool = True
    ) -> Person:
        """Return somebody; the same id is the same person."""
        if id not in self.people:
            account = Account(id, name, locale, has_installed=has_installed)
            self.world.accounts[id] = account
            self.people[id] = Person(account, self.world, self.rest, self._messages)
        return self.people[id]

    def guild(
        self,
        id: int,
        name: str,
        *channels: str,
        locale: str = "en-US",
        has_bot: bool = True,
        is_told: bool = True,
    ) -> Guild:
        """Make a server with text channels; `guild["general"]` is one of them.

        Sessions are told, as when the bot is invited, unless `is_told` says that the test does it
        when all is set. `has_bot=False`: only user installs there.
        """
        made = Guild(id, name, locale, has_bot, owner_id=self.world.host.id)
        for title in channels or ("general",):
            place = Channel(self.world.new_id(), GUILD_TEXT, title, made)
            made.channels[title] = place
            self.world.add(place)
        self.world.guilds[id] = made
        if has_bot and is_told:
            self.gateway.say_guild(made)
        return made

    def private(self, *people: Person) -> Channel:
        """Make a private channel of people without the bot (a group from three people on)."""
        accounts = [one.account for one in people]
        kind = DM if len(people) == 2 else GROUP_DM
        made = Channel(self.world.new_id(), kind, "", people=accounts)
        self.world.add(made)
        return made

    def removes_bot(self, guild: Guild) -> None:
        """Let an admin throw the bot out."""
        guild.has_bot = False
        self.gateway.publish("GUILD_DELETE", {"id": str(guild.id)}, 1)

    def advance(self, seconds: float) -> None:
        """Let time pass on its clock: what is 3 s or 15 min old is judged by it."""
        self.world.offset_seconds += seconds
        self.world.touch()

    async def connected(self, count: int = 1, seconds: float = 5.0) -> None:
        """Wait until `count` gateway sessions are connected."""

        def look() -> bool | None:
            return len(self.gateway.ready) == count or None

        await self.world.wait(look, seconds, f"not {count} gateway sessions")

    async def request(self, method: str, path: str = "", count: int = 1) -> Request:
        """Wait until a fitting request was answered `count` times and return the last."""

        def look() -> Request | None:
            done = [one for one in self.asked(method, path) if one.answered_at]
            return done[count - 1] if len(done) >= count else None

        return await self.world.wait(look, 5.0, f"not {count} requests {method} {path}")

    async def _file(self, request: web.Request) -> web.Response:
        found = self.world.files.get(int(request.match_info["id"]))
        if found is None:
            return web.Response(status=404)
        kind = found.content_type.partition(";")[0]
        return web.Response(body=found.content, content_type=kind)
