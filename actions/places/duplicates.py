"""Recognise the same place in several sources, and merge what they say.

Deliberately strict: two entries for one place are a nuisance, two places in one entry send
somebody to the wrong door.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from rapidfuzz import fuzz

from actions.geo import distance_m
from actions.places.place import Place, Record, SourceRef
from actions.reading.fold import fold

NEAR_M = 150.0
"""Two entries of nearly the same name this close are one place."""
SAME_PHONE_M = 400.0
"""Two entries with one phone number and akin names this close are one place."""
SAME_ADDRESS_M = 2_000.0
"""Geocoders disagree by this much on one and the same address."""
_SAME_NAME = 90.0
_AKIN_NAME = 72.0
_SAME_STREET = 88.0
_SAME_PLACE = 96.0
"""Likeness of two addresses without a number («Place de la Poste»)."""
_FRANCE_SERVICES = "franceservices"
_SYNONYMS = tuple((re.compile(pattern), word) for pattern, word in (
    (r"\b(?:(?:maison|espace) )?france services?\b", _FRANCE_SERVICES),
    (r"\b(?:maisons? (?:de|des) services? au public|msap|mfs)\b", _FRANCE_SERVICES),
    (r"\b(?:commune|ville|mairie|hotel de ville)\b", "mairie"),
    (r"\b(?:centre communal d action sociale)\b", "ccas"),
    (r"\b(?:bibliotheque|mediatheque)\b", "mediatheque"),
    (r"\b(?:maison des jeunes et de la culture)\b", "mjc"),
    (r"\b(?:de|du|des|la|le|les|l|d|a|au|aux|en|et)\b", " "),
))  # fmt: skip
"""Other names of the same thing, and words that say nothing."""
_KINDS = frozenset({_FRANCE_SERVICES, "mairie", "ccas", "mediatheque", "poste", "mjc", "mission"})
"""Words that two names cannot swap: a town hall is not the library next door."""
_LAT_STEP, _LON_STEP = 0.0015, 0.0026
"""Cells of at least ``NEAR_M`` on a side, up to 55° of latitude."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class SourcedRecord:
    """A record and where it was imported from."""

    origin: str
    record: Record


@dataclass(slots=True)
class _Group:
    members: list[SourcedRecord]
    name: str
    street: str
    numbers: frozenset[str]


def place_id(origin: str, key: str) -> str:
    """Return the id of the place whose first record is this one."""
    return blake2b(f"{origin}\x1f{key}".encode(), digest_size=7).hexdigest()


def merge_all(sources: Iterable[SourcedRecord]) -> list[tuple[Place, list[SourcedRecord]]]:
    """Group the records of one place and merge each group.

    The order matters only for ids: the first record of a group gives it, so sources must
    come in the order in which they were first imported.
    """
    cells: defaultdict[tuple[int, int], list[_Group]] = defaultdict(list)
    phones: defaultdict[str, list[_Group]] = defaultdict(list)
    names: defaultdict[tuple[str, str], list[_Group]] = defaultdict(list)
    groups: list[_Group] = []
    for source in sources:
        record = source.record
        name, street = _bare_name(record.name), fold(record.address)
        row, column = int(record.point.lat // _LAT_STEP), int(record.point.lon // _LON_STEP)
        candidates: list[_Group] = list(names[record.postcode, name])
        if record.phone:
            candidates += phones[record.phone]
        if not record.approximate:
            for i in (row - 1, row, row + 1):
                for j in (column - 1, column, column + 1):
                    if (i, j) in cells:
                        candidates += cells[i, j]
        group = _Group([source], name, street, frozenset(_NUMBER.findall(name)))
        known = next((one for one in candidates if _same(one, group)), None)
        if known is not None:
            known.members.append(source)
            group = known
        else:
            groups.append(group)
        if not record.approximate and group not in cells[row, column]:
            cells[row, column].append(group)
        if record.phone and not any(one is group for one in phones[record.phone]):
            phones[record.phone].append(group)
        if not any(one is group for one in names[record.postcode, name]):
            names[record.postcode, name].append(group)
    return [(_merge(group.members), group.members) for group in groups]


def _same(known: _Group, new: _Group) -> bool:
    one, other = known.members[0].record, new.members[0].record
    if known.numbers != new.numbers or one.departement != other.departement:
        return False
    kinds, other_kinds = _kinds(known.name), _kinds(new.name)
    if kinds and other_kinds and not kinds & other_kinds:
        return False
    likeness = fuzz.token_sort_ratio(known.name, new.name)
    if likeness < _AKIN_NAME and _FRANCE_SERVICES not in kinds & other_kinds:
        return False
    same_phone = bool(one.phone) and one.phone == other.phone
    same_street = (
        bool(known.street)
        and _first_number(known.street) == _first_number(new.street)
        and fuzz.token_set_ratio(known.street, new.street)
        >= (_SAME_STREET if _NUMBER.search(known.street) else _SAME_PLACE)
    )
    if one.approximate or other.approximate:
        return (
            one.postcode == other.postcode
            and likeness >= _SAME_NAME
            and (same_street or same_phone or not (known.street and new.street))
        )
    metres = distance_m(one.point, other.point)
    return (
        (metres <= NEAR_M and likeness >= _SAME_NAME)
        or (metres <= NEAR_M and same_street)
        or (metres <= SAME_PHONE_M and same_phone)
        or (metres <= SAME_ADDRESS_M and likeness >= _SAME_NAME and same_street)
    )


def _bare_name(name: str) -> str:
    text = fold(name)
    for pattern, word in _SYNONYMS:
        text = pattern.sub(word, text)
    return " ".join(text.split())


def _kinds(name: str) -> frozenset[str]:
    return _KINDS & frozenset(name.split())


def _first_number(street: str) -> str:
    found = _NUMBER.search(street)
    return found[0] if found else ""


def _merge(members: Sequence[SourcedRecord]) -> Place:
    first = members[0]
    if len(members) == 1:
        return _only(first)
    recent = sorted(members, key=lambda s: s.record.updated or date.min, reverse=True)
    records = [source.record for source in recent]
    located = next((r for r in records if not r.approximate), records[0])

    merged: dict[str, Any] = {field: getattr(located, field) for field in _WHERE}
    for field in _SAID:
        merged[field] = next((value for r in records if (value := getattr(r, field))), "")
    for field in _ALL:
        merged[field] = tuple(dict.fromkeys(v for r in records for v in getattr(r, field)))
    return Place(
        id=place_id(first.origin, first.record.key),
        sources=tuple(
            dict.fromkeys(SourceRef(s.record.source, s.record.updated, s.origin) for s in recent)
        ),
        labelled=any(r.labelled for r in records),
        implied=only_implied(records),
        **merged,
    )


def only_implied(records: Iterable[Record]) -> bool:
    """Whether no record lists its services: those that are known are a programme's missions."""
    listed = [one.implied for one in records if one.services]
    return bool(listed) and all(listed)


def _only(source: SourcedRecord) -> Place:
    """Return the place that one record is: most are, and need no merging."""
    record = source.record
    said: dict[str, Any] = dict(zip(_ONCE, _values(record), strict=True))
    for field in _ALL:
        values = getattr(record, field)
        said[field] = tuple(dict.fromkeys(values)) if values else ()
    return Place(
        id=place_id(source.origin, record.key),
        sources=(SourceRef(record.source, record.updated, source.origin),),
        labelled=record.labelled,
        implied=record.implied,
        **said,
    )


_WHERE = (
    *("point", "approximate", "address", "postcode"),
    *("commune", "insee", "city", "departement", "region"),
)
_SAID = (
    *("name", "hours_osm", "phone", "email", "website"),
    *("appointment_url", "accessibility_url", "summary", "access_note"),
)
_ALL = (
    *("services", "supports", "care", "prices", "publics", "programmes"),
    *("networks", "access", "itinerance"),
)
_ONCE = (*_WHERE, *_SAID)
_values = attrgetter(*_ONCE)
