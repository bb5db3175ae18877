"""How places and zones are said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from actions.messages import Source
from actions.places import place as known
from actions.places.place import Place
from actions.reading.territory.area_result import Area
from actions.reading.territory.gazetteer import Gazetteer

_MUTE = "aeiouyhàâäéèêëîïôöùûüœæ"


def near(area: Area, gazetteer: Gazetteer) -> str:
    """Say an area after «des lieux»: «près d'Épinal», «dans le département 55 (Meuse)»."""
    if area.kind == "position":
        return "près de vous"
    if area.kind == "departement":
        code = area.codes[0]
        return f"dans le département {code} ({gazetteer.departements[code].name})"
    if area.kind == "region":
        return f"dans la région {area.label}"
    return f"près {of(area.label)}"


def of(name: str) -> str:
    """Say «de» before a name: «de Metz», «d'Épinal», «du Havre», «des Abymes»."""
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    return f"d'{name}" if name[:1].lower() in _MUTE else f"de {name}"


def sources_of(places: Iterable[Place]) -> tuple[Source, ...]:
    """Return the directories that the places come from, each with its latest year."""
    years: dict[str, int] = {}
    for place in places:
        for ref in place.sources:
            year = ref.updated.year if ref.updated else 0
            years[ref.name] = max(year, years.get(ref.name, 0))
    return tuple(
        Source(f"annuaire {name}, {year}" if year else f"annuaire {name}")
        for name, year in years.items()
    )


def warnings_of(place: Place) -> Iterator[str]:
    """Yield the words to say where one cannot just go to a place."""
    if known.NO_PUBLIC in place.access:
        yield "lieux.sans_public"
    if known.ITINERANT in place.itinerance:
        yield "lieux.se_deplace"
    if place.access == (known.PRESCRIBED,):
        yield "lieux.prescription"
