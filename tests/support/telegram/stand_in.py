"""Telegram over a loopback socket: the Bot API for the program, phones for the people.

In a test: `async with TelegramStandIn() as server:` with `server.url` as TELEGRAM_API_URL and
`server.token` as TELEGRAM_TOKEN; then `ana = server.user(7, "Ana")`, `await ana.says("/start")`,
`card = await ana.next()`. As a process: `python -m tests.support.telegram --port 8081`.
"""

from typing import Self

from tests.support.telegram.api_server import ApiServer, Listener, Spec, new_app
from tests.support.telegram.calls import Call
from tests.support.telegram.control import Control
from tests.support.telegram.faults import Faults
from tests.support.telegram.flood import Flood
from tests.support.telegram.messages import Shown
from tests.support.telegram.people import Account, BotAccount
from tests.support.telegram.phone import Phone
from tests.support.telegram.rooms import Group, GroupSettings
from tests.support.telegram.world import Draft, World

TOKEN = "7000001:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"  # made up, as every token here


class TelegramStandIn:
    """One server with its people. `spec`: every call and answer is checked (`problems`).

    `faults` break calls, `flood` limits them, `world.knows_rich` switches rich messages off,
    `world.query_seconds` says when a press is too old to be answered.
    """

    def __init__(self, *, spec: Spec | None = None, port: int = 0, token: str = TOKEN) -> None:
        self.world = World()
        self._api = ApiServer(self.world, spec)
        self._listener = Listener(port)
        self._phones: dict[int, Phone] = {}
        self.bot = self.new_bot(token, "vigilante_bot", "Vigilante")
        self.token = token

    async def __aenter__(self) -> Self:
        await self.comes_back()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.goes_down()

    async def comes_back(self) -> None:
        """Listen (again) on the same port."""
        for bot in self.world.bots.values():
            bot.updates.open()
        app = new_app()
        Control(self).routes(app)
        self._api.routes(app)
        await self._listener.start(app)

    async def goes_down(self) -> None:
        """Close every connection and refuse new ones; what is known is kept."""
        for bot in self.world.bots.values():
            bot.updates.close()
        await self._listener.stop()
        await self._api.stop()

    @property
    def url(self) -> str:
        """What goes into TELEGRAM_API_URL."""
        return f"http://127.0.0.1:{self._listener.port}"

    @property
    def faults(self) -> Faults:
        return self._api.faults

    @property
    def flood(self) -> Flood:
        return self.world.flood

    @property
    def requests(self) -> list[Call]:
        """Every call so far, in the order they came."""
        return self._api.requests

    def calls(self, *methods: str, chat_id: int = 0) -> list[Call]:
        """Return the calls of some methods, or all but getUpdates; of one chat, if given."""
        return [
            call
            for call in self.requests
            if (call.method in methods if methods else call.method != "getUpdates")
            and chat_id in (0, call.chat_id)
        ]

    @property
    def problems(self) -> list[str]:
        """Where calls or answers do not fit the specification."""
        return [f"{call.method}: {text}" for call in self.requests for text in call.problems]

    def new_bot(self, token: str, username: str, first_name: str) -> BotAccount:
        """Register one more bot; its id is the token's first part."""
        bot = BotAccount(int(token.partition(":")[0]), first_name, username, token=token)
        self.world.bots[token] = bot
        self.world.accounts[bot.id] = bot
        return bot

    def user(
        self, user_id: int, name: str = "Ana", language_code: str = "en", *, username: str = ""
    ) -> Phone:
        """Return somebody's phone; the same id is the same person."""
        if user_id not in self._phones:
            account = Account(user_id, name, username=username, language_code=language_code)
            self.world.accounts[user_id] = account
            self._phones[user_id] = Phone(self.world, account)
        return self._phones[user_id]

    def group(
        self,
        chat_id: int,
        title: str = "Desk",
        *people: Phone,
        topics: dict[int, str] | None = None,
        kind: str = "supergroup",
        username: str = "",
    ) -> Group:
        """Return a group; the first of `people` has made it. The bot is not in it yet."""
        assert chat_id < 0, "a group's id is negative"
        if chat_id not in self.world.groups:
            group = Group(chat_id, GroupSettings(title, topics or {}, kind, username))
            self.world.groups[chat_id] = group
        group = self.world.groups[chat_id]
        for phone in people:
            group.put(phone.account, "member" if group.members else "creator")
        return group

    def migrate(self, group: Group, chat_id: int) -> Group:
        """Make a basic group a supergroup with a new id; whoever is in it is told."""
        by = next(iter(group.members.values())).account
        new = self.group(chat_id, group.title)
        new.members = dict(group.members)
        self.world.put(group, by, Draft(Shown(service={"migrate_to_chat_id": chat_id})))
        self.world.put(new, by, Draft(Shown(service={"migrate_from_chat_id": group.id})))
        group.migrated_to = chat_id
        return new
