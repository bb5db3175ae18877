"""The address API over real HTTP: right, late, wrong, absent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from actions.geo import Point
from actions.reading.territory.address_search import locate_area
from actions.reading.territory.area import parse_area
from actions.reading.territory.gazetteer import Gazetteer
from actions.reference.geocoder import BanGeocoder

ADDRESS = "12 rue des Clercs 57000 Metz"
STREET = Point(49.1166, 6.1740)


def feature(point: Point = STREET, **properties: Any) -> dict[str, Any]:
    known = {"score": 0.95, "type": "housenumber", **properties}
    geometry = {"type": "Point", "coordinates": [point.lon, point.lat]}
    return {"features": [{"geometry": geometry, "properties": known}]}


@asynccontextmanager
async def serving(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[BanGeocoder]:
    app = web.Application()
    app.router.add_get("/search/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession() as session:
        yield BanGeocoder(f"http://127.0.0.1:{port}", session, timeout_s=0.5)
    await runner.cleanup()


async def test_an_address_gets_its_own_point(gazetteer: Gazetteer) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.query["q"])
        return web.json_response(feature())

    area = parse_area(f"je suis au {ADDRESS}", gazetteer)
    async with serving(answer) as geocoder:
        exact = await locate_area(area, geocoder)
    assert exact.point == STREET
    assert exact.codes == area.codes
    assert asked == [ADDRESS]


async def test_only_addresses_are_asked(gazetteer: Gazetteer) -> None:
    async def answer(request: web.Request) -> web.Response:
        raise AssertionError("asked")

    area = parse_area("Metz", gazetteer)
    async with serving(answer) as geocoder:
        assert await locate_area(area, geocoder) == area
    assert await locate_area(area, None) == area


@pytest.mark.parametrize(
    "said",
    [
        web.json_response(feature(score=0.2)),
        web.json_response(feature(type="municipality")),
        web.json_response(feature(Point(43.3, 5.4))),
        web.json_response({"features": []}),
        web.json_response({"features": [{"geometry": None, "properties": {}}]}),
        web.json_response([]),
        web.Response(text="<html>", content_type="text/html"),
        web.Response(status=503),
    ],
)
async def test_a_doubtful_answer_leaves_the_commune(
    gazetteer: Gazetteer, said: web.Response
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return said

    area = parse_area(ADDRESS, gazetteer)
    async with serving(answer) as geocoder:
        assert await locate_area(area, geocoder) == area


async def test_a_late_answer_is_not_waited_for(gazetteer: Gazetteer) -> None:
    late = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        await late.wait()
        return web.json_response(feature())

    area = parse_area(ADDRESS, gazetteer)
    async with serving(answer) as geocoder:
        assert await locate_area(area, geocoder) == area  # the server still waits
        late.set()


async def test_a_server_that_is_not_there_leaves_the_commune(gazetteer: Gazetteer) -> None:
    area = parse_area(ADDRESS, gazetteer)
    async with aiohttp.ClientSession() as session:
        geocoder = BanGeocoder("http://127.0.0.1:9", session)
        assert await locate_area(area, geocoder) == area


NOUMEA = Point(-22.2735, 166.4481)


@pytest.mark.parametrize(
    ("near", "point", "kept"),
    [
        (NOUMEA, Point(-20.5667, 164.2833), True),  # Koumac: 290 km from the seat
        (Point(-17.5350, -149.5696), Point(-9.8, -139.03), True),  # Hiva Oa, from Papeete
        (NOUMEA, Point(-21.34, 55.48), False),  # Saint-Pierre of La Réunion
        (Point(49.12, 6.18), Point(48.58, 7.75), False),  # Strasbourg, from Metz
    ],
)
async def test_where_communes_share_one_point_an_address_may_be_far_from_it(
    near: Point, point: Point, kept: bool
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(feature(point))

    async with serving(answer) as geocoder:
        assert await geocoder.locate("1 rue de l'Exemple", near) == (point if kept else None)
