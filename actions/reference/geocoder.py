"""The national address API, when an installation has one: exact coordinates of an address.

Asked only with the address and its commune, never with who asks. It has one second:
late, wrong or absent, the commune's own point serves.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp

from actions.geo import Point, distance_m
from actions.reference.locator import in_one_wide_territory

TIMEOUT_S = 1.0
"""Seconds that a person may wait for more precision than their commune."""

LEAST_SCORE = 0.5
"""Score of the API (0 to 1) under which its answer is a guess."""

FARTHEST_M = 40_000.0
"""Metres from the commune beyond which the answer is another address of the same name.

Not where communes are all known by the point of their territory's seat (Nouvelle-Calédonie,
Polynésie…): there, the answer must be in that territory.
"""

logger = logging.getLogger(__name__)


class BanGeocoder:
    """A ``Geocoder`` over the API of the Base Adresse Nationale (or a server of one's own)."""

    def __init__(
        self, root: str, session: aiohttp.ClientSession, timeout_s: float = TIMEOUT_S
    ) -> None:
        """Ask ``root`` (without ``/search``) through a session that its owner closes."""
        self._url = f"{root.rstrip('/')}/search/"
        self._session = session
        self._timeout_s = timeout_s

    async def locate(self, address: str, near: Point) -> Point | None:
        """Return where an address is, or ``None`` when it cannot be told in time.

        Args:
            address: Street and commune, as written.
            near: Point of the commune, to choose between streets of one name.
        """
        query = {"q": address[:200], "limit": "1", "lat": str(near.lat), "lon": str(near.lon)}
        try:
            async with asyncio.timeout(self._timeout_s):
                async with self._session.get(self._url, params=query) as response:
                    response.raise_for_status()
                    found = await response.json()
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            logger.warning("address API: %s", type(error).__name__)
            return None
        point = read_feature(found)
        if point is None or distance_m(point, near) <= FARTHEST_M:
            return point
        return point if in_one_wide_territory(point, near) else None


def read_feature(answer: Any) -> Point | None:
    """Return the point of the first feature of a GeoJSON answer, when it is sure enough."""
    try:
        feature = answer["features"][0]
        properties: Mapping[str, Any] = feature["properties"]
        if float(properties.get("score", 0)) < LEAST_SCORE:
            return None
        if properties.get("type") == "municipality":
            return None  # no better than the gazetteer's own point
        lon, lat = feature["geometry"]["coordinates"]
        point = Point(float(lat), float(lon))
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return point if abs(point.lat) <= 90 and abs(point.lon) <= 180 else None
