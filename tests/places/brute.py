"""The directory searched the slow, obvious way: the oracle of the tests, and their fake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions.geo import distance_m
from actions.places import hours, place
from actions.places.directory import DirectoryStats, Filters, Found, Page, Query
from actions.places.feature_bits import open_weekdays
from actions.places.place import Place


class BruteDirectory:
    def __init__(self, places: Iterable[Place], *, demonstration: bool = False) -> None:
        self.places = list(places)
        self.is_demonstration = demonstration

    def search(self, query: Query) -> Page:
        kept = [
            p
            for p in self.places
            if inside(p, query) and fits(p, query.filters) and p.id not in query.exclude
        ]
        if query.point is None:
            assert query.has_area
            return Page(tuple(Found(p, None) for p in kept), False)
        found = sorted(
            (Found(p, distance_m(query.point, p.point)) for p in kept),
            key=lambda f: (f.distance_m, f.place.id),
        )
        if query.radius_m is not None:
            found = [f for f in found if (f.distance_m or 0.0) <= query.radius_m]
        end = query.offset + query.limit
        return Page(tuple(found[query.offset : end]), len(found) > end)

    def get(self, ids: Sequence[str]) -> list[Place]:
        known = {p.id: p for p in self.places}
        return [known[one] for one in ids if one in known]

    def stats(self) -> DirectoryStats:
        return DirectoryStats(len(self.places), 0, 0, (), None, self.is_demonstration)


def inside(p: Place, query: Query) -> bool:
    return not query.has_area or bool(
        {p.insee, p.city} & query.communes
        or p.postcode in query.postcodes
        or p.departement in query.departements
        or p.region in query.regions
    )


def fits(p: Place, f: Filters) -> bool:
    if f.open_at is not None:
        schedule = hours.read_schedule(p.hours_osm, p.departement)
        if schedule is None or not schedule.is_open(hours.local(f.open_at, p.departement)):
            return False
    if f.language and place.LANGUAGES not in p.care:
        return False
    if f.language == "anglais" and place.ENGLISH not in p.care:
        return False
    return (
        (p.labelled or not f.labelled)
        and (p.free or not f.free)
        and (p.free_help or not f.free_help)
        and (place.WHEELCHAIR in p.care or not f.wheelchair)
        and (place.DEAF in p.care or not f.deaf)
        and (place.BLIND in p.care or not f.blind)
        and f.supports <= set(p.supports)
        and f.services <= set(p.services)
        and (f.weekday is None or f.weekday in open_weekdays(p.hours_osm))
    )
