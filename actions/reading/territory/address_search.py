"""The port through which an address becomes a point, when an installation has a service for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from actions.geo import Point
from actions.reading.territory.area_result import Area


class Geocoder(Protocol):
    """Something that knows where addresses are."""

    async def locate(self, address: str, near: Point) -> Point | None:
        """Return where an address is, or ``None``; never raises, never takes over a second."""


async def locate_area(area: Area, geocoder: Geocoder | None) -> Area:
    """Return the same area with the point of its address, when it has one and it is known."""
    if geocoder is None or not area.address or area.point is None:
        return area
    point = await geocoder.locate(area.address, area.point)
    return area if point is None else replace(area, point=point)
