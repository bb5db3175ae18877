"""Which places to propose, and what must honestly be said of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions.places.directory import Directory, Filters, Found, Query
from actions.reading.territory.area_result import Area

REACH_M = 30_000.0
"""As the crow flies: farther than that, few people can go."""
BESIDE = 2
"""Free places shown beside labelled ones whose label no longer means anything."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Places to show, and the facts from which an honest sentence is made."""

    found: tuple[Found, ...]
    """In the order to show: what was asked for, then what helps for free."""
    labelled: int = 0
    """How many of ``found``, from the first, are there because they took the pass."""
    beside: int = 0
    """How many of ``found``, at the end, are free help beside or instead of what was asked."""
    no_labelled: bool = False
    """About the pass, and no labelled place is within reach."""
    no_match: bool = False
    """Nothing within reach offers the service or passes the filters that were asked."""
    nearest_m: float | None = None
    """With nothing within reach: how far the nearest place that matches is; ``None``: none."""
    label_holds: bool = True
    """False: the label no longer means anything; say so beside every labelled place."""
    demonstration: bool = False
    """Fictional places: every answer must say so."""
    more: bool = False
    """There is more to show of the same."""

    @property
    def ids(self) -> frozenset[str]:
        """Ids of what is shown, to exclude from the next page."""
        return frozenset(one.place.id for one in self.found)


def query_for(
    area: Area, filters: Filters, *, limit: int = 3, members: frozenset[str] = frozenset()
) -> Query:
    """Return the query for an area that was found.

    A département, région or EPCI: the places inside (``members``: INSEE codes of the EPCI).
    A commune, arrondissement or postcode: nearest first, wherever they are.
    """
    if area.kind in ("departement", "region"):
        codes = frozenset(area.departements or area.codes)
        return Query(departements=codes, filters=filters, limit=limit)
    if area.kind == "epci" and members:
        return Query(communes=members, filters=filters, limit=limit)
    return Query(point=area.point, filters=filters, limit=limit)


def propose(
    directory: Directory,
    query: Query,
    *,
    about_pass: bool,
    label_holds: bool,
    reach_m: float = REACH_M,
) -> Proposal:
    """Choose what to show.

    Args:
        directory: Where to search.
        query: What was asked. ``exclude`` the ids already shown to get the next page.
        about_pass: The person wants to use a pass: labelled places first.
        label_holds: The label still has a meaning on the day of the question.
        reach_m: How far people can go; ignored when the query names areas.
    """
    if query.point is not None and not query.has_area and query.radius_m is None:
        query = replace(query, radius_m=reach_m)
    chosen = _for_the_pass(directory, query) if about_pass else _as_asked(directory, query)
    return replace(chosen, label_holds=label_holds, demonstration=directory.is_demonstration)


def _for_the_pass(directory: Directory, query: Query) -> Proposal:
    asked = replace(query, filters=replace(query.filters, labelled=True))
    page = directory.search(asked)
    room = max(BESIDE, query.limit - len(page.found)) if not page.more else BESIDE
    shown = query.exclude | {one.place.id for one in page.found}
    free = directory.search(replace(_free(query), exclude=shown, limit=room))
    if not page.found and not free.found:
        free = directory.search(replace(query, limit=room))
    return Proposal(
        page.found + free.found,
        labelled=len(page.found),
        beside=len(free.found),
        no_labelled=not page.found and not query.exclude,
        nearest_m=None if page.found else _beyond(directory, asked),
        more=page.more or free.more,
    )


def _as_asked(directory: Directory, query: Query) -> Proposal:
    page = directory.search(query)
    if page.found or query.exclude or query.offset:
        return Proposal(page.found, more=page.more)
    nearest = _beyond(directory, query)
    if not query.filters:
        return Proposal((), no_match=True, nearest_m=nearest)
    instead = directory.search(replace(_free(query), limit=query.limit))
    return Proposal(
        instead.found,
        beside=len(instead.found),
        no_match=True,
        nearest_m=nearest,
        more=instead.more,
    )


def _free(query: Query) -> Query:
    """Return the query for free help: practical needs are kept, the service is not."""
    kept = Filters(
        free_help=True,
        wheelchair=query.filters.wheelchair,
        deaf=query.filters.deaf,
        blind=query.filters.blind,
        weekday=query.filters.weekday,
        open_at=query.filters.open_at,
    )
    return replace(query, filters=kept, offset=0)


def _beyond(directory: Directory, query: Query) -> float | None:
    if query.point is None or query.has_area:
        return None
    page = directory.search(replace(query, radius_m=None, limit=1, offset=0))
    return page.found[0].distance_m if page.found else None
