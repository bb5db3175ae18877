"""What is proposed: labelled first, free help beside or instead, and nothing unsaid."""

from __future__ import annotations

from dataclasses import replace

from actions.geo import Point
from actions.places.directory import Filters, Query
from actions.places.nearest import Proposal, propose, query_for
from actions.places.place import CONSEILLER, DEAF, FRANCE_SERVICES, Place
from actions.reading.territory.area_result import Area
from tests.places.brute import BruteDirectory

METZ = Point(49.12, 6.18)


def at(km: float, name: str = "", **fields: object) -> Place:
    place = Place(
        id=f"{int(km * 1000):014x}",
        name=name or f"à {km} km",
        point=Point(METZ.lat + km / 111.2, METZ.lon),
        departement="57",
    )
    return replace(place, **fields)  # type: ignore[arg-type]


def ask(
    places: list[Place],
    filters: Filters | None = None,
    *,
    about_pass: bool = False,
    exclude: frozenset[str] = frozenset(),
) -> Proposal:
    query = Query(point=METZ, filters=filters or Filters(), exclude=exclude)
    return propose(BruteDirectory(places), query, about_pass=about_pass, label_holds=False)


def names(proposal: Proposal) -> list[str]:
    return [one.place.name for one in proposal.found]


FREE = at(1, "France services", programmes=(FRANCE_SERVICES,))
PASS_NEAR = at(5, "Labellisé", labelled=True)
PASS_FAR = at(80, "Labellisé loin", labelled=True)
PLAIN = at(2, "Autre")


def test_about_the_pass_labelled_come_first_then_free_help() -> None:
    got = ask([FREE, PASS_NEAR, PLAIN], about_pass=True)
    assert names(got) == ["Labellisé", "France services"]
    assert (got.labelled, got.beside, got.label_holds) == (1, 1, False)
    assert not got.no_labelled


def test_no_labelled_place_within_reach_is_said_with_the_distance_of_the_nearest() -> None:
    got = ask([FREE, PASS_FAR, PLAIN], about_pass=True)
    assert names(got) == ["France services"]
    assert got.no_labelled
    assert got.nearest_m is not None
    assert 79_000 < got.nearest_m < 81_000


def test_without_labelled_nor_free_help_whatever_is_near_is_shown() -> None:
    got = ask([PLAIN], about_pass=True)
    assert names(got) == ["Autre"]
    assert got.no_labelled
    assert got.labelled == 0


def test_a_service_that_no_one_offers_gives_free_help_and_says_so() -> None:
    got = ask([FREE, PLAIN], Filters(services=frozenset({"creation"})))
    assert names(got) == ["France services"]
    assert got.no_match
    assert got.beside == 1


def test_practical_needs_are_kept_when_something_else_is_proposed() -> None:
    deaf = at(3, "Conseiller", programmes=(CONSEILLER,), care=(DEAF,))
    got = ask([FREE, deaf], Filters(services=frozenset({"creation"}), deaf=True))
    assert names(got) == ["Conseiller"]


def test_nothing_within_reach() -> None:
    got = ask([at(50, "Loin")])
    assert names(got) == []
    assert got.no_match
    assert got.nearest_m is not None


def test_pages_do_not_repeat_whichever_list_they_come_from() -> None:
    places = [at(n, f"Pass {n}", labelled=True) for n in range(1, 6)]
    places += [at(n + 0.5, f"Aide {n}", programmes=(FRANCE_SERVICES,)) for n in range(1, 6)]
    seen: list[str] = []
    while True:
        page = ask(places, about_pass=True, exclude=frozenset(seen))
        assert not page.no_labelled
        if not page.found:
            break
        seen += [one.place.id for one in page.found]
    assert sorted(seen) == sorted(place.id for place in places)


def test_the_demonstration_is_never_hidden() -> None:
    directory = BruteDirectory([FREE], demonstration=True)
    got = propose(directory, Query(point=METZ), about_pass=False, label_holds=True)
    assert got.demonstration


def test_an_area_is_searched_inside_a_commune_around() -> None:
    region = Area("found", "region", ("44",), "Grand Est", METZ, departements=("57", "54"))
    assert query_for(region, Filters()).departements == {"57", "54"}
    departement = Area("found", "departement", ("57",), "Moselle", METZ)
    assert query_for(departement, Filters()).departements == {"57"}
    commune = Area("found", "commune", ("57463",), "Metz", METZ)
    assert query_for(commune, Filters()) == Query(point=METZ)
    epci = Area("found", "epci", ("200039865",), "Metz Métropole", METZ)
    assert query_for(epci, Filters(), members=frozenset({"57463"})).communes == {"57463"}
