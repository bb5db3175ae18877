"""Random places, clustered as people are, for the tests that compare with an oracle."""

from __future__ import annotations

import random
from datetime import datetime

from actions.geo import Point
from actions.places import place
from actions.places.directory import Filters, Query
from actions.places.hours import PARIS
from actions.places.place import Place
from actions.places.services import SERVICE_IDS

TOWNS = (
    # département, région, INSEE, postcode, lat, lon
    ("57", "44", "57463", "57000", 49.12, 6.18),
    ("54", "44", "54395", "54000", 48.69, 6.18),
    ("75", "11", "75101", "75001", 48.86, 2.34),
    ("75", "11", "75102", "75002", 48.87, 2.34),
    ("69", "84", "69383", "69003", 45.76, 4.85),
    ("974", "04", "97411", "97400", -20.88, 55.45),
    ("987", "987", "98735", "98714", -17.53, -149.57),
    ("986", "986", "98613", "98600", -13.28, -176.17),
    ("988", "988", "98818", "98800", -22.27, 166.44),
)
_CITIES = {"75101": "75056", "75102": "75056", "69383": "69123"}
HOURS = (
    "",
    "sur rendez-vous le lundi",
    "Mo-Fr 09:00-12:00,14:00-18:00; PH off",
    "Mo-Fr 08:30-12:00",
    "Tu-Sa 10:00-19:00; PH off",
    "Sa 09:00-12:00",
    "24/7",
    "Fr 20:00-02:00",
    "Mo-Su,PH 10:00-20:00",
    "Jul-Aug Mo-Sa 10:00-12:00; Sep-Jun Tu 14:00-16:00",
    'We 09:00-12:00 "sur rendez-vous"',
    "Mo[1] 10:00-12:00",
)


def random_place(rng: random.Random, number: int) -> Place:
    departement, region, insee, postcode, lat, lon = rng.choice(TOWNS)
    step = rng.choice((0.0, 0.01, 0.2))  # many at the very same point: ties

    def some(values: tuple[str, ...], share: float) -> tuple[str, ...]:
        return tuple(v for v in values if rng.random() < share)

    return Place(
        id=f"{number * 7919 % (1 << 40):014x}",
        name=f"Lieu {number}",
        departement=departement,
        region=region,
        insee=insee,
        city=_CITIES.get(insee, insee),
        postcode=postcode,
        point=Point(round(lat + rng.gauss(0, step), 4), round(lon + rng.gauss(0, step), 4)),
        hours_osm=rng.choice(HOURS),
        labelled=rng.random() < 0.2,
        services=some(SERVICE_IDS, 0.3),
        supports=some(place.SUPPORTS, 0.3),
        care=some(place.CARE, 0.2),
        prices=some(place.PRICES, 0.3),
        programmes=some(place.PROGRAMMES, 0.1),
    )


def random_query(rng: random.Random) -> Query:
    *_, lat, lon = rng.choice(TOWNS)
    towns = [rng.choice(TOWNS) for _ in range(2)]
    area = rng.choice(("", "", "", "commune", "city", "postcode", "departement", "region"))
    return Query(
        point=Point(lat + rng.gauss(0, 0.3), lon + rng.gauss(0, 0.3)),
        radius_m=rng.choice((None, None, 30_000.0, 2_000.0)),
        communes=frozenset(
            t[2] if area == "commune" else _CITIES.get(t[2], t[2])
            for t in towns
            if area in ("commune", "city")
        ),
        postcodes=frozenset(t[3] for t in towns if area == "postcode"),
        departements=frozenset(t[0] for t in towns if area == "departement"),
        regions=frozenset(t[1] for t in towns if area == "region"),
        filters=random_filters(rng),
        offset=rng.choice((0, 0, 0, 3, 50)),
        limit=rng.choice((1, 3, 10)),
    )


def random_filters(rng: random.Random) -> Filters:
    def maybe(share: float = 0.15) -> bool:
        return rng.random() < share

    return Filters(
        labelled=maybe(),
        free=maybe(),
        free_help=maybe(),
        wheelchair=maybe(0.05),
        deaf=maybe(0.05),
        blind=maybe(0.05),
        language=rng.choice(("anglais", "arabe", "*")) if maybe() else "",
        supports=frozenset({rng.choice(place.SUPPORTS)}) if maybe() else frozenset(),
        services=frozenset({rng.choice(SERVICE_IDS)}) if maybe() else frozenset(),
        weekday=rng.randrange(7) if maybe() else None,
        open_at=datetime(
            2026,
            rng.choice((5, 7, 11, 12)),
            rng.choice((1, 11, 14, 21, 25, 26)),
            rng.randrange(24),
            rng.choice((0, 30, 59)),
            tzinfo=PARIS,
        )
        if maybe(0.3)
        else None,
    )
