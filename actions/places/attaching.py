"""Put the services of data·inclusion in the structure that offers them. Pure.

A structure and its services are one place, whichever file each came from. A service given
elsewhere is a place of its own: the structure's door is not where it happens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from actions.geo import distance_m
from actions.places import place
from actions.places.duplicates import SAME_PHONE_M as SAME_DOOR_M
from actions.places.duplicates import SourcedRecord, only_implied
from actions.places.place import Record
from actions.places.services import SERVICE_IDS
from actions.reading.fold import fold


@dataclass(frozen=True, slots=True)
class Attached:
    """The records to merge into places, and those that are no place yet."""

    sources: list[SourcedRecord]
    """In the order of the records; services are in their structure's."""
    parts: Mapping[tuple[str, str], list[SourcedRecord]]
    """Origin and key of a source made of several → all of them."""
    aside: list[SourcedRecord]
    """Structures that nothing says to be of digital help, where their source gives services;
    the services of other trades; services with no place, whose structure is not known."""

    def members(self, source: SourcedRecord) -> list[SourcedRecord]:
        """Return the records that a source is made of: itself, most often."""
        return self.parts.get((source.origin, source.record.key), [source])


def attach(sources: Iterable[SourcedRecord]) -> Attached:
    """Put services in their structures; other records are left as they are."""
    found = list(sources)
    services: defaultdict[str, list[SourcedRecord]] = defaultdict(list)
    structures: dict[str, SourcedRecord] = {}
    for source in found:
        if source.record.is_service:
            services[source.record.structure].append(source)
        elif source.record.structure:
            structures.setdefault(source.record.structure, source)
    if not services:
        return Attached(found, {}, [])
    telling = {one.record.source for each in services.values() for one in each}
    kept: list[SourcedRecord] = []
    parts: dict[tuple[str, str], list[SourcedRecord]] = {}
    aside: list[SourcedRecord] = []

    def keep(members: Sequence[SourcedRecord], record: Record) -> None:
        kept.append(SourcedRecord(members[0].origin, record))
        parts[members[0].origin, record.key] = list(members)

    done: set[str] = set()
    for source in found:
        record, known = source.record, structures.get(source.record.structure)
        if not record.structure or (not record.is_service and known is not source):
            kept.append(source)
            continue
        if record.structure in done or (record.is_service and known is not None):
            continue  # told with the first of them, or with its structure
        done.add(record.structure)
        offered = services[record.structure]
        digital = [one for one in offered if one.record.digital]
        if known is not None and _is_another_trade(known.record, offered, telling):
            aside += [source, *offered]
            continue
        here = [one for one in offered if known and _same_door(known.record, one.record)]
        if known is not None:
            keep([known, *here], _with(known.record, [one.record for one in here]))
        for members in _elsewhere(one for one in digital if one not in here):
            head = members[0].record
            if head.nowhere:
                aside += members
            else:
                keep(members, _alone(known.record if known else None, members))
        aside += [one for one in offered if one not in here and one not in digital]
    return Attached(kept, parts, aside)


def _is_another_trade(
    structure: Record, offered: Sequence[SourcedRecord], telling: Collection[str]
) -> bool:
    """Whether nothing says that a structure gives digital help, and something would.

    A source that gives its services (``telling``) tells by them what is of digital help.
    """
    if structure.digital or any(one.record.digital for one in offered):
        return False
    return bool(offered) or structure.source in telling


def _same_door(structure: Record, service: Record) -> bool:
    """Whether a service is given where its structure is: silence says that it is."""
    if service.nowhere:
        return True
    if fold(service.address) == fold(structure.address) and service.insee == structure.insee:
        return True
    if service.approximate or structure.approximate:
        silent = not service.address or not structure.address
        return silent and service.insee == structure.insee
    return distance_m(structure.point, service.point) <= SAME_DOOR_M


def _elsewhere(services: Iterable[SourcedRecord]) -> Iterator[list[SourcedRecord]]:
    """Yield services by the door that they are given at."""
    doors: defaultdict[tuple[bool, str, str], list[SourcedRecord]] = defaultdict(list)
    for one in services:
        doors[one.record.nowhere, one.record.insee, fold(one.record.address)].append(one)
    yield from doors.values()


def _with(structure: Record, services: Sequence[Record]) -> Record:
    """Return a structure with what its services of digital help say."""
    digital = [one for one in services if one.digital]
    if not digital:
        return structure
    hours = {one.hours_osm or structure.hours_osm for one in digital}
    exact = next((one for one in digital if not one.approximate), None)
    if structure.approximate and exact and not exact.nowhere:
        structure = replace(
            structure,
            point=exact.point,
            approximate=False,
            address=structure.address or exact.address,
        )
    every = [structure, *digital]
    return replace(
        structure,
        # The hours of help, where all its services have the same; else those of the door.
        hours_osm=hours.pop() if len(hours) == 1 else structure.hours_osm,
        phone=_first(one.phone for one in every),
        email=_first(one.email for one in every),
        appointment_url=_first(one.appointment_url for one in every),
        summary=_first(one.summary for one in (*digital, structure)),
        access=_access(digital) or structure.access,
        access_note=_only(one.access_note for one in digital),
        services=tuple(one for one in SERVICE_IDS if any(one in o.services for o in every)),
        implied=only_implied(every),
        supports=_all(one.supports for one in every),
        care=_all(one.care for one in every),
        prices=_all(one.prices for one in every),
        publics=_all(o.publics for o in digital) if all(o.publics for o in digital) else (),
        updated=max((one.updated for one in every if one.updated), default=None),
    )


def _alone(structure: Record | None, members: Sequence[SourcedRecord]) -> Record:
    """Return the place of services that are given elsewhere than at their structure."""
    head = members[0].record
    whole = _with(head, [one.record for one in members])
    if structure is None:
        return whole
    name = structure.name if len(members) > 1 else f"{structure.name} : {head.name}"
    return replace(
        whole,
        name=name,
        phone=whole.phone or structure.phone,
        email=whole.email or structure.email,
        website=whole.website or structure.website,
        programmes=structure.programmes,
        networks=structure.networks,
    )


def _access(services: Sequence[Record]) -> tuple[str, ...]:
    """Return the ways to be helped; a prescription is one only where nothing else is."""
    ways = _all(one.access for one in services)
    open_to_all = any(place.PRESCRIBED not in one.access for one in services)
    return tuple(way for way in ways if way != place.PRESCRIBED or not open_to_all)


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _only(values: Iterable[str]) -> str:
    """Return the value that all have; nothing where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _all(values: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for each in values for one in each))
