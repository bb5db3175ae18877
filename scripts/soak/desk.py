"""A soak of the helpdesk: ``python -m scripts.soak.desk [--seconds 600]``.

Two hundred persons ask for someone while twenty agents answer, half of them in the console over
HTTP, half in the agents' group of a Bot API stand-in. They race for the same requests, answer those
of others, leave some that they took, close topics with Telegram's buttons and delete others, and
the process that holds everything is killed. At the end each person must have had their request
taken, answered by who had it, and ended, with a word of it; and the assistant answers them again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa

from bot.helpdesk.console.site import COOKIE
from bot.helpdesk.staff import add_agent
from bot.helpdesk.tables import agents, forum_posts, ticket_events, ticket_messages, tickets
from bot.settings import PROJECT_ROOT
from bot.store import Store
from bot.store.tables import persons
from tests import clock
from tests.helpdesk.world import GROUP, HUMAN, plain
from tests.telegram.bot_api import BotApi, Failure, bad_request

PASSWORD = "une phrase de passe longue"  # noqa: S105  of the soak's own accounts
FIRST_CHAT = 1000
FIRST_AGENT = 700
IDLE_S = 20
"""How long a request that was taken waits for a word before it is given back."""
LEFT = 0.05
"""Share of the requests that an agent of the group takes and forgets."""
FOREIGN = 0.2
"""How often an agent of the console answers a request that another has."""
THINKS_S = 4.0
"""How long an agent of the console reads before they answer, at most: their topic is there."""
CALM_S = 300.0
"""How long what is left may take, once everyone has asked."""
AGAIN = "j'ai perdu mon pass"
AGAIN_ANSWER = "Réponse sur le pass perdu"


@dataclass(frozen=True)
class DeskPlan:
    """A soak to run."""

    requests: int = 200
    agents: int = 20
    kills: int = 3
    closed: int = 20
    """Topics closed with Telegram's own button, by who has the request or by another."""
    deleted: int = 20
    """Topics deleted while their request is open."""
    seconds: float = 600.0
    """Over how long people ask."""
    seed: int = 13


@dataclass
class DeskOutcome:
    """What came of it; the first four must be 0."""

    lost: int = 0
    """Persons without a request, an answer or its end; words that never arrived."""
    doubled: int = 0
    """What is in the database twice."""
    muted: int = 0
    """Persons who were not told the end, or whom the assistant answers no more."""
    answered_by_two: int = 0
    """Answers of an agent who did not have the request."""
    requests: int = 0
    answers: int = 0
    refused_late: int = 0
    """Answers refused because another had the request."""
    given_back: int = 0
    topics_closed: int = 0
    ended_early: int = 0
    """Requests whose topic was closed before any answer: their person is told the end."""
    topics_deleted: int = 0
    kills: int = 0
    sent_again: int = 0
    """Messages under way at a kill: Telegram cannot be asked whether it has them."""
    seconds: float = 0.0

    @property
    def promised(self) -> bool:
        """Whether nothing was lost, doubled, muted, nor answered by two."""
        return not (self.lost or self.doubled or self.muted or self.answered_by_two)


class Group(BotApi):
    """The stand-in, with topics that someone deletes."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[int] = set()

    def _failure(self, method: str, data: dict[str, Any]) -> Failure | None:
        thread = data.get("message_thread_id")
        if thread is not None and int(thread) in self.gone:
            return bad_request("message thread not found")
        return super()._failure(method, data)


class Killable:
    """The bot as a process, started again after each kill."""

    def __init__(self, api: BotApi, folder: Path, url: str, idle_s: float | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._given = {"home": str(folder), "database": url, "token": api.token, "api": api.url,
                       "port": str(self.port)}  # fmt: skip
        if idle_s is not None:
            self._given["idle_s"] = str(idle_s)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.helpdesk.bot_process", json.dumps(self._given),
            cwd=PROJECT_ROOT,
        )  # fmt: skip

    async def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()


class Console:
    """One agent's browser."""

    def __init__(self, http: aiohttp.ClientSession, root: str, name: str) -> None:
        self._http, self._root, self.name = http, root, name
        self._cookie = ""
        self._csrf = ""

    async def asks(self, method: str, path: str, **form: str) -> tuple[int, str]:
        """Ask until the server is there: it is killed now and then."""
        while True:
            try:
                return await self._once(method, path, form)
            except (aiohttp.ClientError, ConnectionError):
                await asyncio.sleep(0.2)

    async def _once(self, method: str, path: str, form: dict[str, str]) -> tuple[int, str]:
        if not self._cookie and path != "/connexion":
            await self._once("POST", "/connexion", {"nom": self.name, "mot_de_passe": PASSWORD})
        headers = {"User-Agent": self.name, "Cookie": f"{COOKIE}={self._cookie}"}
        data = {"csrf": self._csrf, **form} if method == "POST" else None
        async with self._http.request(
            method, self._root + path, data=data, headers=headers, allow_redirects=False
        ) as answer:
            if COOKIE in answer.cookies:
                self._cookie = answer.cookies[COOKIE].value
            body = await answer.text()
            if found := re.search(r'name="csrf" value="([\w-]+)"', body):
                self._csrf = found[1]
            return answer.status, body

    async def requests(self, view: str) -> list[int]:
        """Return the requests of a view."""
        _, page = await self.asks("GET", f"/demandes?vue={view}")
        return [int(number) for number in re.findall(r'/demandes/(\d+)"', page)]


class DeskSoak:
    """One soak of the helpdesk."""

    def __init__(self, plan: DeskPlan, home: Path, url: str, say: Callable[[str], None]) -> None:
        self._plan, self._home, self._url, self._say = plan, home, url, say
        self._chance = random.Random(plan.seed)
        self._chats = range(FIRST_CHAT, FIRST_CHAT + plan.requests)
        self._asked = 0
        self._ended_early: set[int] = set()
        self.outcome = DeskOutcome(requests=plan.requests)

    async def run(self) -> DeskOutcome:
        """Run it all."""
        plan, outcome = self._plan, self.outcome
        self._store = Store.open(self._url)
        half = plan.agents // 2
        names = [f"Console {number}" for number in range(plan.agents - half)]
        for name in names:
            add_agent(self._store, name, PASSWORD, at=clock.now())
        async with (
            Group() as self._api,
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        ):
            self._bot = Killable(self._api, self._home, self._url, IDLE_S)
            await self._bot.start()
            began = time.monotonic()
            root = f"http://127.0.0.1:{self._bot.port}/helpdesk"
            working = [
                *(self._console(Console(http, root, name)) for name in names),
                *(self._member(FIRST_AGENT + number) for number in range(half)),
                self._vandal(),
            ]
            tasks = [asyncio.create_task(work) for work in working]
            killer = asyncio.create_task(self._killer())
            try:
                await self._crowd()
                await self._until(self._all_closed, CALM_S)
                await killer
                await self._until(self._all_told, CALM_S)
                await _stopped(tasks)
                self._say("l'assistant répond-il de nouveau à chacun ?")
                for chat in self._chats:
                    self._api.says(chat, AGAIN)
                await self._until(lambda: not self._not_heard_again(), CALM_S)
                await self._until(lambda: self._count(forum_posts) == 0, CALM_S)
            finally:
                killer.cancel()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(killer, *tasks, return_exceptions=True)
                await self._bot.kill()
            outcome.seconds = round(time.monotonic() - began, 1)
            self._judge()
        self._store.close()
        return outcome

    # What people do.

    async def _crowd(self) -> None:
        pause = self._plan.seconds / self._plan.requests
        for chat in self._chats:
            self._api.says(chat, HUMAN)
            self._api.says(chat, f"Question de {chat}")
            self._asked += 1
            await asyncio.sleep(pause)

    # What agents do.

    async def _console(self, console: Console) -> None:
        while True:
            mine = await console.requests("miennes")
            free = await console.requests("file") if not mine else []
            if free:
                mine = [self._chance.choice(free[:5])]
                status, _ = await console.asks("POST", f"/demandes/{mine[0]}/prendre")
                if status != 303:
                    continue
            for number in mine[:1]:
                await asyncio.sleep(self._chance.uniform(0.0, THINKS_S))
                await self._answer(console, number)
                await console.asks("POST", f"/demandes/{number}/clore")
            if self._chance.random() < FOREIGN and (others := await console.requests("equipe")):
                await self._answer(console, self._chance.choice(others))
            await asyncio.sleep(0.2 + self._chance.random() * 0.4)

    async def _answer(self, console: Console, number: int) -> None:
        once = f"r{self._chance.getrandbits(60):015x}"
        text = f"Réponse de {console.name} à {number}"
        form = {"once": once, "texte": text}
        statuses = [
            (await console.asks("POST", f"/demandes/{number}/repondre", **form))[0]
            for _ in range(1 + (self._chance.random() < FOREIGN))  # a double click
        ]
        self.outcome.refused_late += statuses.count(409)

    async def _member(self, telegram_id: int) -> None:
        """An agent of the group: takes what waits there, answers, ends."""
        name = f"Membre {telegram_id}"
        left: set[int] = set()
        while True:
            await asyncio.sleep(0.3 + self._chance.random() * 0.5)
            mine = self._open(agents.c.telegram_id == telegram_id)
            mine = [row for row in mine if row.id not in left]
            if mine:
                row = mine[0]
                if row.state == "answered":
                    self._writes(telegram_id, row.thread_id, text="/clore")
                else:
                    text = f"Réponse de {name} à {row.id}"
                    self._writes(telegram_id, row.thread_id, text=text)
                await asyncio.sleep(0.5)
            elif waiting := self._open(tickets.c.state == "waiting"):
                row = self._chance.choice(waiting[:5])
                if self._chance.random() < LEFT:
                    left.add(row.id)
                    self._writes(telegram_id, row.thread_id, text="/prendre")
                else:
                    text = f"Réponse de {name} à {row.id}"
                    self._writes(telegram_id, row.thread_id, text=text)
                await asyncio.sleep(0.5)

    def _writes(self, telegram_id: int, thread: int, **content: Any) -> None:
        message = self._api.message(GROUP, **content)
        message |= {"message_thread_id": thread, "is_topic_message": True}
        name = f"Membre {telegram_id}"
        message["from"] = {"id": telegram_id, "is_bot": False, "first_name": name}
        self._api.update(message=message)

    async def _vandal(self) -> None:
        """Close topics with Telegram's button, and delete others, while people wait."""
        plan, outcome = self._plan, self.outcome
        acts = ["close"] * plan.closed + ["delete"] * plan.deleted
        self._chance.shuffle(acts)
        each = plan.seconds / (len(acts) + 1)
        for act in acts:
            await asyncio.sleep(each)
            wanted = (
                tickets.c.state.in_(("claimed", "answered"))
                if act == "close"
                else tickets.c.state != "closed"
            )
            while not (found := self._open(wanted)):  # noqa: ASYNC110  what others do
                await asyncio.sleep(0.1)
            row = self._chance.choice(found)
            if act == "delete":
                self._api.gone.add(int(row.thread_id))
                outcome.topics_deleted += 1
                continue
            who = FIRST_AGENT + self._chance.randrange(self._plan.agents // 2)
            self._writes(who, row.thread_id, forum_topic_closed={})
            outcome.topics_closed += 1
            if row.state == "claimed":
                self._ended_early.add(row.id)

    async def _killer(self) -> None:
        for turn in range(1, self._plan.kills + 1):
            due = self._plan.requests * turn / (self._plan.kills + 1)
            await self._until(lambda due=due: self._asked >= due, self._plan.seconds + CALM_S)
            await self._bot.kill()
            self.outcome.kills += 1
            self._say(f"tué après {self._asked} demandes")
            await self._bot.start()

    # What is known of it.

    def _rows(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        with self._store.reading() as connection:
            return list(connection.execute(query))

    def _count(self, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
        return int(
            self._rows(sa.select(sa.func.count()).select_from(table).where(*conditions))[0][0]
        )

    def _open(self, *conditions: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
        """Return the open requests that have a topic, the oldest first."""
        return self._rows(
            sa.select(tickets.c.id, tickets.c.thread_id, tickets.c.state)
            .outerjoin(agents, agents.c.id == tickets.c.agent_id)
            .where(
                tickets.c.thread_id.is_not(None),
                tickets.c.thread_id.not_in(sorted(self._api.gone)),
                tickets.c.state != "closed",
                *conditions,
            )
            .order_by(tickets.c.id)
        )

    def _all_closed(self) -> bool:
        return self._count(tickets, tickets.c.state == "closed") >= self._plan.requests

    def _read_by(self, chat: int) -> list[str]:
        return [plain(text) for text in self._said.get(chat, [])]

    def _read_all(self) -> None:
        self._said: dict[int, list[str]] = {}
        for call in self._api.of("sendMessage"):
            self._said.setdefault(call.chat or 0, []).append(call.text)

    def _not_told(self) -> list[int]:
        self._read_all()
        return [c for c in self._chats if not any("est terminée" in t for t in self._read_by(c))]

    def _all_told(self) -> bool:
        return not self._not_told()

    def _not_heard_again(self) -> list[int]:
        self._read_all()
        return [c for c in self._chats if not any(AGAIN_ANSWER in t for t in self._read_by(c))]

    def _judge(self) -> None:
        outcome = self.outcome
        muted = {*self._not_told(), *self._not_heard_again()}
        outcome.muted = len(muted)
        said = self._rows(
            sa.select(ticket_messages.c.ticket_id, ticket_messages.c.author,
                      ticket_messages.c.text, ticket_messages.c.agent_id, persons.c.external_id)
            .join(persons, persons.c.id == ticket_messages.c.person_id)
            .order_by(ticket_messages.c.id)
        )  # fmt: skip
        asked = Counter(row.text for row in said if row.author == "person")
        answered = {
            int(row.external_id)
            for row in said
            if row.author == "agent" or row.ticket_id in self._ended_early
        }
        ended = {
            int(row.external_id)
            for row in self._rows(
                sa.select(persons.c.external_id)
                .join(tickets, tickets.c.person_id == persons.c.id)
                .where(tickets.c.state == "closed")
            )
        }
        lost = {
            chat
            for chat in self._chats
            if f"Question de {chat}" not in asked or chat not in answered or chat not in ended
        }
        arrived = {
            chat: Counter(text for text, _ in groupby(self._read_by(chat))) for chat in self._chats
        }
        answers = [row for row in said if row.author == "agent"]
        outcome.ended_early = len(self._ended_early - {row.ticket_id for row in answers})
        outcome.answers = len(answers)
        owed = Counter((int(row.external_id), plain(row.text)) for row in answers)
        lost |= {chat for (chat, text), _ in owed.items() if text not in arrived[chat]}
        outcome.lost = len(lost)
        twice = [row for row in self._rows(sa.select(tickets.c.person_id)) if row]
        outcome.doubled = sum(n - 1 for n in asked.values() if n > 1) + len(twice) - len(set(twice))
        outcome.sent_again = sum(
            len(list(same)) - 1 for chat in self._chats for _, same in groupby(self._read_by(chat))
        )
        self._judge_owners()

    def _judge_owners(self) -> None:
        """Follow each request: who answers must be who has it."""
        owner: dict[int, int | None] = {}
        for row in self._rows(sa.select(ticket_events).order_by(ticket_events.c.id)):
            match row.move:
                case "claim":
                    owner[row.ticket_id] = row.agent_id
                case "transfer":
                    owner[row.ticket_id] = row.target_id
                case "answer" if owner.get(row.ticket_id) != row.agent_id:
                    self.outcome.answered_by_two += 1
                case "release" | "close":
                    owner[row.ticket_id] = None
                    self.outcome.given_back += row.move == "release"

    async def _until(self, condition: Callable[[], bool], limit_s: float) -> None:
        deadline = time.monotonic() + limit_s
        while not condition():
            if time.monotonic() > deadline:
                self._say(f"rien de nouveau depuis {limit_s:.0f} s : on continue")
                return
            await asyncio.sleep(0.25)


async def _stopped(tasks: list[asyncio.Task[None]]) -> None:
    """End the agents; one who fell on the way makes the soak worth nothing."""
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


def main() -> None:
    """Run one soak and print its figures; fail where it promised otherwise."""
    parser = argparse.ArgumentParser(prog="python -m scripts.soak.desk", description=__doc__)
    for name, kind in (("requests", int), ("agents", int), ("kills", int), ("closed", int),
                       ("deleted", int), ("seconds", float), ("seed", int)):  # fmt: skip
        parser.add_argument(f"--{name}", type=kind, default=getattr(DeskPlan, name))
    plan = DeskPlan(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/store.sqlite"
        soak = DeskSoak(plan, Path(folder), url, lambda line: print(f"→ {line}", file=sys.stderr))
        outcome = asyncio.run(soak.run())
    print(json.dumps(asdict(outcome), ensure_ascii=False, indent=1))
    if not outcome.promised:
        sys.exit("des demandes sont perdues, doublées, sans un mot, ou prises par deux personnes")


if __name__ == "__main__":
    main()
