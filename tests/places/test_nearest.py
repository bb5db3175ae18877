"""What is proposed: what says yes first, silence is no «no», and nothing unsaid."""

from __future__ import annotations

from dataclasses import replace

from actions.geo import Point
from actions.places.directory import Filters, Query
from actions.places.nearest import REACHES_M, Proposal, propose, query_for
from actions.places.place import FRANCE_SERVICES, WHEELCHAIR, Place
from actions.reading.territory.area_result import Area
from tests.places.brute import BruteDirectory

METZ = Point(49.12, 6.18)
PRINT = Filters(services=frozenset({"materiel"}))


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
    return propose(BruteDirectory(places), query, about_pass=about_pass)


def names(proposal: Proposal) -> list[str]:
    return [one.place.name for one in proposal.found]


FREE = at(1, "France services", programmes=(FRANCE_SERVICES,))
PASS_NEAR = at(5, "Labellisé", labelled=True)
PASS_FAR = at(80, "Labellisé loin", labelled=True)
PLAIN = at(2, "Autre")
PRINTS = at(6, "Imprime", services=("materiel",))
PRINTS_FAR = at(25, "Imprime loin", services=("materiel",))
REFUSES = at(0.2, "Autre chose", services=("emploi",))


def test_who_says_yes_comes_first_then_who_says_nothing_never_who_says_no() -> None:
    got = ask([PLAIN, PRINTS, REFUSES], PRINT)
    assert names(got) == ["Imprime", "Autre"]
    assert got.declared == 1


def test_a_beginner_is_not_sent_far_past_the_places_in_town() -> None:
    got = ask([PLAIN, FREE, PRINTS_FAR], PRINT)
    assert names(got) == ["France services", "Autre", "Imprime loin"]


def test_a_directory_that_says_nothing_is_not_a_no() -> None:
    wish = Filters(wheelchair=True, weekday=5, supports=frozenset({"atelier"}))
    got = ask([PLAIN, FREE], wish)
    assert names(got) == ["France services", "Autre"]
    assert got.declared == 0


def test_a_near_silent_place_is_shown_beside_those_that_say_yes_farther() -> None:
    yes = [at(8 + n, f"Imprime {n}", services=("materiel",)) for n in range(5)]
    got = ask([at(0.3, "En ville"), *yes], PRINT)
    assert names(got) == ["Imprime 0", "Imprime 1", "En ville"]


def test_a_list_of_publics_is_never_complete() -> None:
    deaf = at(3, "Reçoit des sourds", care=("surdite",))
    both = at(4, "En fauteuil", care=(WHEELCHAIR,))
    assert names(ask([deaf, both], Filters(wheelchair=True))) == [
        "En fauteuil",
        "Reçoit des sourds",
    ]


def test_about_the_pass_labelled_come_first_then_free_help() -> None:
    got = ask([FREE, PASS_NEAR, PLAIN], about_pass=True)
    assert names(got) == ["Labellisé", "France services"]
    assert (got.labelled, got.beside) == (1, 1)
    assert not got.no_labelled


def test_without_labelled_nor_free_help_whatever_is_near_is_shown() -> None:
    got = ask([PLAIN], about_pass=True)
    assert names(got) == ["Autre"]
    assert got.no_labelled
    assert got.labelled == 0


def test_the_reach_widens_where_nothing_is_near() -> None:
    got = ask([at(50, "Loin")])
    assert names(got) == ["Loin"]
    assert got.widened
    assert got.reach_m == REACHES_M[1]
    assert not ask([PLAIN]).widened


def test_nothing_within_the_widest_reach() -> None:
    got = ask([at(200, "Très loin"), at(1, "Refuse", services=("emploi",))], PRINT)
    assert names(got) == []


def test_pages_do_not_repeat_whichever_list_they_come_from() -> None:
    places = [at(n, f"Pass {n}", labelled=True) for n in range(1, 6)]
    places += [at(n + 0.5, f"Aide {n}", programmes=(FRANCE_SERVICES,)) for n in range(1, 6)]
    for about_pass, filters in ((True, Filters()), (False, PRINT)):
        seen: list[str] = []
        while True:
            page = ask(places, filters, about_pass=about_pass, exclude=frozenset(seen))
            if not page.found:
                break
            seen += [one.place.id for one in page.found]
        assert sorted(seen) == sorted(place.id for place in places)


def test_the_demonstration_is_never_hidden() -> None:
    directory = BruteDirectory([FREE], demonstration=True)
    assert propose(directory, Query(point=METZ), about_pass=False).demonstration


def test_an_area_is_searched_inside_a_commune_around() -> None:
    region = Area("found", "region", ("44",), "Grand Est", METZ, departements=("57", "54"))
    assert query_for(region, Filters()).departements == {"57", "54"}
    departement = Area("found", "departement", ("57",), "Moselle", METZ)
    assert query_for(departement, Filters()).departements == {"57"}
    commune = Area("found", "commune", ("57463",), "Metz", METZ)
    assert query_for(commune, Filters()) == Query(point=METZ)
    epci = Area("found", "epci", ("200039865",), "Metz Métropole", METZ)
    assert query_for(epci, Filters(), members=frozenset({"57463"})).communes == {"57463"}
