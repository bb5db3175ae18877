"""Which places to propose, and what must honestly be said of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions.places.directory import Directory, Filters, Found, Query
from actions.places.ranking import DETOUR_M, Ranked, criteria, rank
from actions.reading.territory.area_result import Area

REACHES_M = (30_000.0, 60_000.0, 120_000.0)
"""As the crow flies: few people can go farther than the first; the next ones are for where
places are sparse, and the person is told."""
BESIDE = 2
"""Free places shown beside labelled ones whose label no longer means anything."""
WINDOWS = (40, 200, 1_000, 5_000)
"""Nearest places looked at, in turn, until what is farther cannot be better."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Places to show, and the facts from which an honest sentence is made."""

    ranked: tuple[Ranked, ...]
    """In the order to show: what was asked for, then what helps for free."""
    labelled: int = 0
    """How many, from the first, are there because they took the pass."""
    beside: int = 0
    """How many, at the end, are free help beside what was asked."""
    no_labelled: bool = False
    """About the pass, and no labelled place is within reach."""
    reach_m: float = REACHES_M[0]
    """How far was searched."""
    none_open: bool = False
    """Places open at that moment were asked for; none is, and these open later."""
    demonstration: bool = False
    """Fictional places: every answer must say so."""
    more: bool = False
    """There is more to show of the same."""

    @property
    def found(self) -> tuple[Found, ...]:
        """The places, in the order to show."""
        return tuple(one.found for one in self.ranked)

    @property
    def declared(self) -> int:
        """How many say that they do all that was asked."""
        return sum(one.standing.declared for one in self.ranked)

    @property
    def widened(self) -> bool:
        """The search went farther than most people can go: nothing is nearer."""
        return self.reach_m > REACHES_M[0]


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


def propose(directory: Directory, query: Query, *, about_pass: bool) -> Proposal:
    """Choose what to show: the reach widens by itself where nothing is near.

    Args:
        directory: Where to search.
        query: What was asked. ``exclude`` the ids already shown to get the next page.
        about_pass: The person wants to use a pass: labelled places first.
    """
    choose = _for_the_pass if about_pass else _as_asked
    around = query.point is not None and not query.has_area and query.radius_m is None
    reaches = REACHES_M if around else (REACHES_M[0],)
    proposal = Proposal(())
    for reach_m in reaches:
        asked = replace(query, radius_m=reach_m) if around else query
        proposal = replace(choose(directory, asked), reach_m=reach_m)
        if proposal.ranked:
            break
    return replace(proposal, demonstration=directory.is_demonstration)


def _for_the_pass(directory: Directory, query: Query) -> Proposal:
    page, more = _best(directory, query, Filters(labelled=True), query.limit)
    room = max(BESIDE, query.limit - len(page)) if not more else BESIDE
    shown = query.exclude | {one.found.place.id for one in page}
    rest = replace(query, exclude=shown)
    free, more_free = _best(directory, rest, Filters(free_help=True), room)
    if not page and not free:
        free, more_free = _best(directory, rest, Filters(), room)
    return Proposal(
        (*page, *free),
        labelled=len(page),
        beside=len(free),
        no_labelled=not page and not query.exclude,
        more=more or more_free,
    )


def _as_asked(directory: Directory, query: Query) -> Proposal:
    ranked, more = _best(directory, query, Filters(), query.limit)
    return Proposal(tuple(ranked), more=more)


def _best(
    directory: Directory, query: Query, kept: Filters, limit: int
) -> tuple[list[Ranked], bool]:
    """Return the best places for what is asked, and whether there are more.

    The places that say yes are searched by themselves; among the others, windows of the
    nearest are looked at until what is farther cannot come before.

    Args:
        directory: Where to search.
        query: Where, what is asked (``filters``), and what was already shown.
        kept: What a place must be, whatever it says of the rest.
        limit: How many to return.
    """
    asked = query.filters
    wanted = limit + 1
    if not asked:
        page = directory.search(replace(query, filters=kept, limit=wanted))
        return rank(page.found, asked, wanted)[:limit], len(page.found) > limit
    both = replace(
        asked, labelled=asked.labelled or kept.labelled, free_help=asked.free_help or kept.free_help
    )
    yes = directory.search(replace(query, filters=both, limit=wanted)).found
    least_silence_m = DETOUR_M / sum(1 for _ in criteria(asked))
    for window in WINDOWS:
        page = directory.search(replace(query, filters=kept, limit=window))
        candidates = {one.place.id: one for one in (*yes, *page.found)}
        best = rank(candidates.values(), asked, wanted)
        if not page.more:
            break
        farthest = page.found[-1].distance_m
        if len(best) == wanted and (
            farthest is None or max(one.cost_m for one in best) <= farthest + least_silence_m
        ):
            break
    return rank(candidates.values(), asked, limit), len(best) > limit
