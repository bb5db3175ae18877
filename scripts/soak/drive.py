"""Drives a crowd through the assistant, with faults and kills, and counts what people read."""

from __future__ import annotations

import asyncio
import math
import random
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from actions.answers.loader import load_answers
from actions.clock import utc_now
from actions.messages import Text
from actions.programme.facts import load_facts
from actions.words import Words, load_words
from bot.lanes import place_of
from bot.settings import PROJECT_ROOT
from bot.store import Store
from bot.store.engine import open_engine
from bot.store.lane_heads import PENDING
from bot.store.persons import KEY_FILE, load_key
from bot.store.tables import claims, incoming, outbox
from bot.telegram.rendering import SendText, render
from scripts.soak.account import Account, Sums
from scripts.soak.assistant import AssistantProcess
from scripts.soak.people import SCRIPTS
from scripts.soak.telegram import FaultyApi
from tests.telegram.bot_api import TOKEN

FIRST_CHAT = 100_000
TIMEOUT_S = 120.0
"""A person who has read nothing after so long goes on; it counts as a time-out."""
CALM_S = 180.0
"""How long what is left may take, once everyone has written everything and faults are over."""
LEARNED_S = 60.0
START_S = 900.0
"""A busy machine takes long to start a few processes; nothing waits when it need not."""
NEVER_S = 1e9
DOWN_S = (0.0, 20.0)
"""How long a killed replica stays away: within a claim's lease, or beyond."""
DELIVERED_S = 0.5
"""How long after a kill the stand-in may still read what the dead process had written to it."""


@dataclass(frozen=True)
class Plan:
    """A soak to run."""

    messages: int
    people: int
    at_once: int
    faults: float = 0.0
    redelivered: float = 0.0
    kills: int = 0
    """Of the bot, of Rasa and of the actions, each; of whole replicas where there are several."""
    hurry: float = 0.0
    """Share of messages written before the answer to the one before."""
    seed: int = 13
    replicas: int = 1
    """Assistants that share one PostgreSQL database."""
    per_second: int = 0
    """Messages a second over all chats that each is told to send at most; 0: no limit."""


@dataclass
class Outcome:
    """What came of it."""

    sums: Sums = field(default_factory=Sums)
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    timeouts: int = 0
    killed: dict[str, int] = field(default_factory=dict)
    failed_calls: int = 0
    redelivered: int = 0
    cpu_ms: dict[str, float] = field(default_factory=dict)
    """Processor's time a message, where nothing was killed."""
    memory: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Megabytes of each process after 60 % of the messages, and at the end."""
    complaints: dict[str, int] = field(default_factory=dict)
    odd: dict[str, int] = field(default_factory=dict)
    """Beginnings of answers that nobody else reads there; the soak's own words, nobody's."""

    def figures(self) -> dict[str, Any]:
        """Return everything as JSON holds it."""
        cuts = statistics.quantiles(self.waits, n=100) if len(self.waits) > 1 else [0.0] * 99
        return {
            **vars(self.sums),
            "seconds": round(self.seconds, 1),
            "per_second": round(self.sums.messages / self.seconds, 1) if self.seconds else 0,
            "p50_s": round(cuts[49], 2),
            "p95_s": round(cuts[94], 2),
            "timeouts": self.timeouts,
            "failed_calls": self.failed_calls,
            "redelivered": self.redelivered,
            "killed": self.killed,
            "cpu_ms_a_message": {role: round(ms, 1) for role, ms in self.cpu_ms.items()},
            "memory_mb": {
                role: [round(before), round(after)] for role, (before, after) in self.memory.items()
            },
            "memory_growth_percent": {
                role: round((after / before - 1) * 100, 1)
                for role, (before, after) in self.memory.items()
                if before and after
            },
            **self.complaints,
            "odd": self.odd,
        }


class Drive:
    """One soak."""

    def __init__(
        self, plan: Plan, home: Path, say: Callable[[str], None], database_url: str = ""
    ) -> None:
        """Prepare.

        Args:
            plan: What to do.
            home: A folder for the assistant's home; it must not be in use.
            say: Told how it goes.
            database_url: PostgreSQL's, for several replicas; a SQLite file of the home otherwise.
        """
        self._plan = plan
        self._say = say
        self._database_url = database_url
        self._home = home
        self._began = 0.0
        self._chance = random.Random(plan.seed)
        self._accounts: dict[int, Account] = {}
        self._news: dict[int, asyncio.Event] = {}
        self._learned: dict[int, list[str]] = {}
        self._last: dict[int, str] = {}
        self._asked: dict[int, int] = {}
        self._waiting: dict[int, float] = {}
        self._written = 0
        self._outcome = Outcome()

    async def run(self) -> Outcome:
        """Run it all."""
        plan, outcome = self._plan, self._outcome
        async with FaultyApi(
            self._sent, faults=plan.faults, redelivered=plan.redelivered, seed=plan.seed
        ) as api:
            self._api = api
            api.calm = True
            self._assistants = [
                AssistantProcess(home, api.url, TOKEN, self._database_url, plan.per_second)
                for home in self._homes()
            ]
            try:
                self._say("démarrage…")
                for one in self._assistants:
                    await one.start()
                await self._until(
                    lambda: api.polled and all(one.ready for one in self._assistants), START_S
                )
                url = self._database_url or f"sqlite:///{self._home / 'passerelle.sqlite'}"
                self._store = Store(open_engine(url))
                notices, failures = _mechanics()
                answers = await self._learn(notices)
                for number in range(plan.people):
                    chat = FIRST_CHAT + number
                    self._accounts[chat] = Account(
                        answers[number % len(answers)], notices, failures
                    )
                    self._news[chat] = asyncio.Event()
                    self._asked[chat] = 0
                self._say(f"{plan.messages} messages de {plan.people} personnes…")
                api.calm = False
                used = self._of_each(AssistantProcess.cpu_s)
                self._began = time.monotonic()
                await self._crowd()
                outcome.seconds = time.monotonic() - self._began
                if not plan.kills:
                    after = self._of_each(AssistantProcess.cpu_s)
                    outcome.cpu_ms = {
                        role: (after[role] - used.get(role, 0.0)) * 1000 / plan.messages
                        for role in after
                    }
                api.calm = True
                await self._until(self._quiet, CALM_S)
                held = self._of_each(AssistantProcess.memory_mb)
                outcome.memory = {
                    role: (before, held.get(role, 0.0)) for role, before in self._held.items()
                }
                self._store.close()
            finally:
                await asyncio.gather(*(one.stop() for one in self._assistants))
            outcome.failed_calls, outcome.redelivered = api.failed, api.again
        for chat, account in self._accounts.items():
            outcome.sums.add(account.close(self._asked[chat]))
        for one in self._assistants:
            for told, times in one.complaints().items():
                outcome.complaints[told] = outcome.complaints.get(told, 0) + times
        return outcome

    def _homes(self) -> list[Path]:
        """Return a home for each replica; they share the key of pseudonyms."""
        if self._plan.replicas == 1:
            return [self._home]
        homes = [self._home / str(number) for number in range(1, self._plan.replicas + 1)]
        load_key(homes[0])
        for home in homes[1:]:
            home.mkdir(mode=0o700, exist_ok=True)
            shutil.copy2(homes[0] / KEY_FILE, home)
        return homes

    def _of_each(self, look: Callable[[AssistantProcess], dict[str, float]]) -> dict[str, float]:
        """Return what is seen of each process, by what it does and, of several, its replica."""
        if len(self._assistants) == 1:
            return look(self._assistants[0])
        return {
            f"{role} {number}": value
            for number, one in enumerate(self._assistants, 1)
            for role, value in look(one).items()
        }

    # What happens.

    def _sent(self, chat: int, text: str, at: float, lost: bool) -> None:
        if chat in self._learned:
            self._learned[chat].append(text)
            return
        account = self._accounts.get(chat)
        if account is None:
            return
        before = account.sums.unknown
        account.hear(text)
        if account.sums.unknown > before:
            self._outcome.odd[text[:60]] = self._outcome.odd.get(text[:60], 0) + 1
        if lost:
            account.lose(text)
        self._last[chat] = text
        if text not in account.notices and chat in self._waiting:
            self._outcome.waits.append(at - self._waiting.pop(chat))
        self._news[chat].set()

    async def _learn(self, notices: frozenset[str]) -> list[tuple[tuple[str, ...], ...]]:
        """Ask everything once, in peace: what a lone person reads is what each must read."""
        learned = []
        for number, script in enumerate(SCRIPTS):
            chat = 10 + number
            answers = []
            for text in script:
                self._learned[chat] = []
                self._api.says(chat, text)
                await self._until(lambda chat=chat: bool(self._learned[chat]), LEARNED_S)
                await self._until(self._quiet, LEARNED_S)
                if not self._learned[chat]:
                    raise RuntimeError(f"nothing answers « {text} »: see {self._home}")
                answers.append(tuple(said for said in self._learned[chat] if said not in notices))
            learned.append(tuple(answers))
        return learned

    async def _crowd(self) -> None:
        plan = self._plan
        each = [plan.messages // plan.people] * plan.people
        for number in range(plan.messages % plan.people):
            each[number] += 1
        slots = asyncio.Semaphore(plan.at_once)
        self._held: dict[str, float] = {}

        async def lives(number: int) -> None:
            async with slots:
                await self._converse(
                    FIRST_CHAT + number, SCRIPTS[number % len(SCRIPTS)], each[number]
                )

        watching = asyncio.create_task(self._watch())
        kill = self._kill_replicas if plan.replicas > 1 else self._kill_now_and_then
        self._may_write = 0.0 if kill == self._kill_replicas and plan.kills else math.inf
        killing = asyncio.create_task(kill())
        try:
            await asyncio.gather(*(lives(number) for number in range(plan.people)))
        finally:
            killing.cancel()
            watching.cancel()
            await asyncio.gather(killing, watching, return_exceptions=True)

    async def _converse(self, chat: int, script: tuple[str, ...], messages: int) -> None:
        account, news = self._accounts[chat], self._news[chat]
        for number in range(min(messages, len(script))):
            await self._until(lambda: self._written < self._may_write, NEVER_S)
            self._written += 1
            self._asked[chat] += 1
            self._waiting.setdefault(chat, time.monotonic())
            self._api.says(chat, script[number])
            if self._chance.random() < self._plan.hurry and number + 1 < messages:
                self._waiting.pop(chat, None)
                continue
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    while not account.answered(number):
                        news.clear()
                        await news.wait()
            except TimeoutError:
                self._outcome.timeouts += 1
                self._waiting.pop(chat, None)

    async def _watch(self) -> None:
        """Start what died again, look at the memory once the kills are over, say how it goes."""
        tenths = 1
        while True:
            await asyncio.sleep(0.5)
            for one in self._assistants:
                if not one.alive and not one.resting:
                    one.deaths += 1
                    await one.start()
            grown = all(one.ready for one in self._assistants)
            if grown and self._written >= 0.6 * self._plan.messages and not self._held:
                self._held = self._of_each(AssistantProcess.memory_mb)
            if self._written >= tenths * self._plan.messages / 10:
                tenths += 1
                self._say(
                    f"{self._written} messages en {time.monotonic() - self._began:.0f} s, "
                    f"arrêts : {self._outcome.killed}"
                )

    async def _kill_now_and_then(self) -> None:
        """Kill each part so many times over the first half of the messages."""
        [assistant] = self._assistants
        roles = [role for role in ("rasa", "actions", "bot") for _ in range(self._plan.kills)]
        self._chance.shuffle(roles)
        for turn, role in enumerate(roles, 1):
            due = self._plan.messages * turn / (2 * len(roles) + 1)
            await self._until(lambda due=due: self._written >= due, NEVER_S)
            await self._until(lambda role=role: role in assistant.pids(), NEVER_S)
            assistant.resting = role == "bot"
            await assistant.kill(role)
            self._outcome.killed[role] = self._outcome.killed.get(role, 0) + 1
            if role == "bot":
                await self._excuse_what_was_leaving(assistant)
                await assistant.start()
                assistant.resting = False

    async def _kill_replicas(self) -> None:
        """Kill a whole replica, drawn at random, so many times over the first half.

        The crowd goes no further than each kill's share of the messages before it has happened.
        """
        step = self._plan.messages / (2 * self._plan.kills)
        for turn in range(self._plan.kills):
            # Another must be there to take over: with one left, it would be a mere restart.
            await self._until(lambda: all(one.ready for one in self._assistants), NEVER_S)
            self._may_write = step * (turn + 1)
            due = step * (turn + self._chance.uniform(0.2, 0.9))
            await self._until(lambda due=due: self._written >= due, NEVER_S)
            one = self._chance.choice(self._assistants)
            one.resting = True
            await one.kill("bot")  # its Rasa and its actions end with it
            name = f"replica {self._assistants.index(one) + 1}"
            self._outcome.killed[name] = self._outcome.killed.get(name, 0) + 1
            await self._excuse_what_was_leaving(one)
            await asyncio.sleep(self._chance.uniform(*DOWN_S))
            await one.start()
            one.resting = False
        self._may_write = math.inf

    async def _excuse_what_was_leaving(self, killed: AssistantProcess) -> None:
        """What Telegram had and the database did not know yet, when a bot was killed.

        Among replicas, only the chats that the dead one had claimed: the others go on.
        """
        await asyncio.sleep(DELIVERED_S)
        waiting = sa.select(outbox.c.address).where(outbox.c.status == PENDING).distinct()
        if len(self._assistants) > 1:
            held = sa.select(claims.c.lane).where(claims.c.owner.startswith(place_of(killed.home)))
            waiting = waiting.where((sa.literal("outbox|") + outbox.c.lane).in_(held))
        with self._store.reading() as connection:
            for address in connection.execute(waiting).scalars().all():
                chat = int(address)
                if chat in self._last and chat in self._accounts:
                    self._accounts[chat].lose(self._last[chat])

    def _quiet(self) -> bool:
        if self._api.updates:
            return False
        with self._store.reading() as connection:
            return not any(
                connection.execute(sa.select(table.c.id).where(table.c.status == PENDING)).first()
                for table in (incoming, outbox)
            )

    async def _until(self, condition: Callable[[], bool], limit_s: float) -> None:
        """Wait for a condition, so long at most."""
        deadline = time.monotonic() + limit_s
        while not condition():
            if time.monotonic() > deadline:
                self._say(f"rien de nouveau depuis {limit_s:.0f} s : on continue")
                return
            await asyncio.sleep(0.05)


def _mechanics() -> tuple[frozenset[str], frozenset[str]]:
    """Return how Telegram shows «un instant…», and the words of a failure."""
    data = PROJECT_ROOT / "data"
    wording = load_words(data / "answers" / "mecanique.yaml")
    answers = load_answers(data / "answers", load_facts(data / "programme"), retention_days=30)
    return (
        frozenset(_shown(wording("un_instant"), wording)),
        frozenset(
            text
            for words in (
                wording("panne"),
                wording("trop_vite"),
                answers.words("dialogue.panne", on=utc_now().date()),
            )
            for text in _shown(words, wording)
        ),
    )


def _shown(words: str, wording: Words) -> list[str]:
    calls = render(Text(words), lambda payload: payload, wording, remove_keyboard=False)
    return [call.html for call in calls if isinstance(call, SendText)]
