"""Retention: what is older than promised goes, here and in Rasa."""

from __future__ import annotations

from datetime import datetime, timedelta

import aiohttp

from bot.helpdesk import housekeeping
from bot.helpdesk.desk import Desk
from bot.stack.endpoint import Endpoint
from bot.store import Store, privacy

_TIMEOUT_SECONDS = 60


async def purge_all(
    store: Store, desk: Desk, endpoint: Endpoint, retention_days: int, now: datetime
) -> int:
    """Erase what is older than ``retention_days``; return how many rows went.

    Tickets go before their persons: their forum topics must be deleted too.

    Raises:
        aiohttp.ClientError, TimeoutError: Rasa did not answer; its part is left for next time.
    """
    before = now - timedelta(days=retention_days)
    erased = await store.write(housekeeping.purge, desk, before, now)
    erased += sum((await store.write(privacy.purge, before, now)).values())
    await store.drain()  # gone from the journal too
    async with aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {endpoint.secret}"},
        timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS),
        raise_for_status=True,
    ) as session:
        body = {"before": before.timestamp()}
        async with session.post(f"{endpoint.nlu_url}/purge", json=body) as response:
            erased += int((await response.json())["deleted"])
    return erased
