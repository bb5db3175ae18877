"""Measure the console's pages: ``python -m scripts.bench.console [300 5000]``.

So many open requests, with so many messages between them, in a throw-away SQLite file; each
page is asked for over HTTP, session and rendering and all. Then twenty open consoles read their
page again after each of some changes.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import sqlalchemy as sa
from aiohttp import web

from bot.helpdesk.assembly import assemble
from bot.helpdesk.console.app import add_console
from bot.helpdesk.console.site import COOKIE
from bot.helpdesk.staff import add_agent
from bot.helpdesk.tables import (
    agents,
    audit_log,
    drafts,
    held_replies,
    ticket_events,
    ticket_messages,
    ticket_tags,
    tickets,
)
from bot.settings import load_settings
from bot.store import Store
from bot.store.tables import exchanges, persons

PAGES = (
    "/demandes",
    "/demandes?vue=miennes",
    "/demandes?vue=equipe",
    "/demandes?vue=rappels",
    "/demandes?vue=closes",
    "/demandes?q=message",
    "/demandes/1",
    "/boite",
    "/chiffres",
    "/compte",
    "/equipe",
    "/reponses",
    "/journal",
)
NAME, PASSWORD = "Solène", "une phrase de passe longue"
STATES = ("waiting", "claimed", "answered")
TIMES = 20
CONSOLES = 20
CHANGES = 10
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def fill(store: Store, first: int, last: int, messages: int, at: datetime) -> None:
    """Put open requests in the database, some of every state, each with messages."""
    with store.begin() as connection:
        owner = connection.execute(sa.select(sa.func.min(agents.c.id))).scalar_one()
        for number in range(first, last + 1):
            _request(connection, owner, number, messages, at)


def _request(
    connection: sa.Connection, owner: int, number: int, messages: int, at: datetime
) -> None:
    state = STATES[number % len(STATES)]
    person = connection.execute(
        sa.insert(persons)
        .values(
            channel="telegram",
            external_id=str(9000 + number),
            pseudonym=f"p{number}",
            state_data={},
            created_at=at,
            seen_at=at,
        )
        .returning(persons.c.id)
    ).scalar_one()
    ticket = connection.execute(
        sa.insert(tickets)
        .values(
            person_id=person,
            state=state,
            agent_id=None if state == "waiting" else owner,
            reason="demande",
            topic="pass_probleme",
            desk="open",
            opened_at=at,
            waiting_since=at,
            changed_at=at,
            callback="0612345678",
        )
        .returning(tickets.c.id)
    ).scalar_one()
    said = {
        "ticket_id": ticket,
        "person_id": person,
        "author": "person",
        "kind": "text",
        "text": f"message de la demande {number}, assez long pour être celui de quelqu’un",
        "media": {},
        "at": at,
    }
    done = {
        "ticket_id": ticket,
        "move": "claim",
        "role": "agent",
        "agent_id": owner,
        "before": "waiting",
        "after": "claimed",
        "at": at,
    }
    trace = {"person_id": person, "author": "assistant", "text": "réponse", "at": at}
    for table, row in ((ticket_messages, said), (ticket_events, done), (exchanges, trace)):
        connection.execute(sa.insert(table), [row] * messages)
    tag = {"ticket_id": ticket, "tag": f"étiquette {number % 7}"}
    connection.execute(sa.insert(ticket_tags).values(tag))
    was = {"agent_id": owner, "action": "merge", "subject": f"n° {ticket}", "at": at}
    connection.execute(sa.insert(audit_log).values(was))
    mine = {"ticket_id": ticket, "agent_id": owner, "text": "bonjour"}
    connection.execute(sa.insert(drafts).values(**mine, at=at, told_at=at))
    connection.execute(sa.insert(held_replies).values(**mine, created_at=at, due_at=at))


@asynccontextmanager
async def serving(store: Store, home: Path, clock: Callable[[], datetime]) -> AsyncIterator[str]:
    """Serve the console alone; yields its root."""
    settings = load_settings({"PASSERELLE_HOME": str(home)}, None)
    add_agent(store, NAME, PASSWORD, "supervisor", at=clock())
    app = web.Application()
    topics = ("pass_probleme", "pass_validite")
    add_console(app, assemble(settings, store), key=b"k" * 32, topics=topics, clock=clock)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/helpdesk"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def visiting(root: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Sign in; yields a session whose requests carry the cookie."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        form = {"nom": NAME, "mot_de_passe": PASSWORD}
        async with session.post(f"{root}/connexion", data=form, allow_redirects=False) as answer:
            cookie = answer.cookies[COOKIE].value
        session.headers["Cookie"] = f"{COOKIE}={cookie}"
        yield session


async def console(session: aiohttp.ClientSession, root: str, seen: asyncio.Queue[float]) -> None:
    """Keep a page open as its script does: read it again at each change; say when it was read."""
    async with session.get(f"{root}/flux") as stream:
        async for line in stream.content:
            if line.startswith(b"event: change"):
                async with session.get(f"{root}/demandes", headers={"X-Live": "1"}) as answer:
                    await answer.read()
                seen.put_nowait(time.perf_counter())


async def measure_live(store: Store, session: aiohttp.ClientSession, root: str) -> None:
    """Print how long after a change the first and the last of the open consoles show it."""
    seen: asyncio.Queue[float] = asyncio.Queue()
    opened = [asyncio.create_task(console(session, root, seen)) for _ in range(CONSOLES)]
    first, last = [], []
    for _ in range(CONSOLES):
        await seen.get()  # a page reads itself once when its stream begins
    for number in range(1, CHANGES + 1):
        await asyncio.sleep(0.35 * (number % 4))  # not in step with who looks at the database
        with store.begin() as connection:
            changed = NOON + timedelta(seconds=number)
            connection.execute(
                sa.update(tickets).where(tickets.c.id == number).values(changed_at=changed)
            )
        begun = time.perf_counter()
        times = [await seen.get() - begun for _ in range(CONSOLES)]
        first.append(min(times))
        last.append(max(times))
    for task in opened:
        task.cancel()
    await asyncio.gather(*opened, return_exceptions=True)
    print(f"{CONSOLES} open consoles, {CHANGES} changes; s: median, longest")
    print(f"{'first console':24} {statistics.median(first):6.2f} {max(first):6.2f}")
    print(f"{'last console':24} {statistics.median(last):6.2f} {max(last):6.2f}")


async def measure(requests: int, messages: int) -> None:
    """Print the median and the longest time of each page, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/store.sqlite")
        async with serving(store, Path(folder), lambda: NOON) as root, visiting(root) as session:
            each = -(-messages // requests)
            fill(store, 1, requests, each, NOON - timedelta(hours=1))
            print(f"{requests} open requests, {requests * each} messages; ms: median, longest")
            for page in PAGES:
                times = []
                for _ in range(TIMES):
                    begun = time.perf_counter()
                    async with session.get(root + page) as answer:
                        await answer.read()
                        assert answer.status == 200, page  # noqa: S101  a bench of errors is none
                    times.append((time.perf_counter() - begun) * 1000)
                print(f"{page:24} {statistics.median(times):6.1f} {max(times):6.1f}")
            await measure_live(store, session, root)
        store.close()


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]]
    asyncio.run(measure(*(sizes if len(sizes) == 2 else (300, 5000))))
