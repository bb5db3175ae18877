"""From a row of any schema to a record: the vocabularies of 0.1, of 1.0 and of simple files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from actions.errors import PasserelleError
from actions.french import MONTHS
from actions.geo import Point
from actions.places import place
from actions.places.contact import normalise_phone
from actions.places.place import Record
from actions.places.services import SERVICE_IDS, Needs
from actions.reading.fold import fold
from actions.reference import data_inclusion
from actions.reference.locator import Located, Locator, UnlocatableError, departement_of
from actions.reference.readers import DirectoryRow

_SUPPORTS = {
    "seul": place.ALONE,
    "en autonomie": place.ALONE,
    "avec de l aide": place.ONE_TO_ONE,
    "accompagnement individuel": place.ONE_TO_ONE,
    "dans un atelier": place.WORKSHOP,
    "dans un atelier collectif": place.WORKSHOP,
    "a ma place": place.ON_BEHALF,
    "a distance": place.REMOTE,
}
_CARE: dict[str, tuple[str, ...]] = {
    "surdite": (place.DEAF,),
    "deficience visuelle": (place.BLIND,),
    "handicaps moteurs": (place.WHEELCHAIR,),
    "handicaps mentaux": (place.MENTAL,),
    "handicaps psychiques": (place.MENTAL,),
    "illettrisme": (place.ILLITERACY,),
    "personnes en situation d illettrisme": (place.ILLITERACY,),
    "public langues etrangeres": (place.LANGUAGES,),
    "langues etrangeres anglais": (place.LANGUAGES, place.ENGLISH),
    "langues etrangeres autres": (place.LANGUAGES,),
}
_PRICES = {
    "gratuit": place.FREE,
    "gratuit sous condition": place.FREE_ON_CONDITION,
    "payant": place.PAID,
    "adhesion": place.MEMBERSHIP,
}
_ACCEPTS_CONDITION = "accepte le pass numerique"
_ACCEPTS_LABEL = "aptic"
_PROGRAMME_LABELS = {
    "france services": place.FRANCE_SERVICES,
    "cnfs": place.CONSEILLER,
    "conseillers numeriques": place.CONSEILLER,
    "bibliotheques numerique de reference": place.LIBRARY,
}
_NETWORKS = {fold(network): network for network in place.NETWORKS}
_PROGRAMME_SERVICES = {
    place.FRANCE_SERVICES: ("demarches",),
    place.CONSEILLER: ("demarches", "ordinateur", "smartphone", "quotidien"),
    place.AIDANTS_CONNECT: ("demarches",),
}
"""Missions of the national programmes, for places whose row lists no service."""
_ACCESS = {
    "se presenter": place.WALK_IN,
    "telephoner": place.CALL,
    "contacter par mail": place.WRITE,
    "prendre un rdv en ligne": place.BOOK,
    "envoyer un mail avec une fiche de prescription": place.PRESCRIBED,
    "ce lieu n accueille pas de public": place.NO_PUBLIC,
}
_ITINERANCE = {"itinerant": place.ITINERANT, "fixe": place.FIXED}
_LIBRARY = re.compile(r"\b(?:mediatheque|bibliotheque|ludotheque mediatheque)\b")
_POSTCODE = re.compile(r"\b(\d{5})\b")
_MONTHS = {fold(name): number for number, name in enumerate(MONTHS, 1)}
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EPOCH = date(1970, 1, 1)


class BadRowError(PasserelleError):
    """A row that cannot be a place; the message is the reason, in French."""


class RecordReader:
    """Reads the rows of one import."""

    def __init__(
        self,
        locator: Locator,
        services: Needs,
        default_source: str,
        *,
        on: date | None = None,
    ) -> None:
        """Read rows of ``default_source``; a revision after the day ``on`` is no date."""
        self._on = on or date.max
        self._locator = locator
        self._services = services
        self._default_source = default_source
        self._keys: dict[str, int] = {}
        self._offered_as: dict[str, tuple[str, ...]] = {}

    def read(self, row: DirectoryRow) -> tuple[Record, str]:
        """Return the record and what was repaired («» for nothing).

        Raises:
            BadRowError: With the reason.
            UnlocatableError: With the reason.
        """
        if "" in row:
            raise BadRowError(row[""])
        if not row.get("nom"):
            raise BadRowError("nom absent")
        if data_inclusion.concerns(row):
            return self._of_data_inclusion(row)
        return self._read(row)

    def _read(self, row: DirectoryRow) -> tuple[Record, str]:
        postcode, commune_name, address = _where(row)
        insee = row.get("code_insee", "").upper()
        located = self._locator.locate(
            postcode, commune_name, insee, row.get("latitude", ""), row.get("longitude", "")
        )
        record = self._record(row, located, postcode, commune_name, address)
        if row.get("telephone") and not record.phone:
            return record, ", ".join(filter(None, (located.note, "téléphone illisible")))
        return record, located.note

    def _of_data_inclusion(self, row: DirectoryRow) -> tuple[Record, str]:
        national = data_inclusion.as_national(row)
        service, nowhere = data_inclusion.is_service(row), False
        try:
            record, note = self._read(national)
        except UnlocatableError:
            if not service:
                raise
            nowhere = True  # its structure says where
            record, note = self._record(national, Located(Point(0, 0), None, True), "", "", ""), ""
        named = data_inclusion.needs_of(row)
        needs = {*record.services, *named}
        return (
            replace(
                record,
                services=tuple(one for one in SERVICE_IDS if one in needs),
                implied=record.implied and not named,
                structure=data_inclusion.structure_of(row),
                is_service=service,
                digital=data_inclusion.is_digital(row) or bool(record.programmes),
                nowhere=nowhere,
            ),
            note,
        )

    def _record(
        self, row: DirectoryRow, located: Located, postcode: str, commune_name: str, address: str
    ) -> Record:
        commune = located.commune
        departement = commune.departement if commune else departement_of(postcode)
        known = self._locator.departements.get(departement)
        source = row.get("source") or self._default_source
        labels = _values(row, "labels_nationaux", "dispositif_programmes_nationaux")
        conditions = _heads(_values(row, "conditions_acces", "frais_a_charge"))
        public_labels = _values(row, "publics_accueillis", "prise_en_charge_specifique")
        programmes = _programmes(row["nom"], source, labels)
        networks = _known(map(_head, labels), _NETWORKS)
        services = self._offered(row.get("services", ""))
        implied = not services
        if implied:
            services = tuple(
                dict.fromkeys(
                    s for p in (*programmes, *networks) for s in _PROGRAMME_SERVICES.get(p, ())
                )
            )
        return Record(
            key=self._key(source, row.get("id") or fold(row["nom"] + address)),
            source=source,
            updated=day if (day := read_day(row.get("date_maj", ""))) and day <= self._on else None,
            name=row["nom"],
            address=", ".join(part for part in (address, row.get("complement_adresse")) if part),
            postcode=(postcode if not located.postcode_refuted else "")
            or (commune.postcodes[0] if commune and commune.postcodes else ""),
            commune=commune.name if commune else commune_name,
            insee=commune.code if commune else "",
            city=commune.city if commune else "",
            departement=departement,
            region=known.region if known else "",
            point=located.point,
            approximate=located.approximate,
            hours_osm=row.get("horaires", ""),
            phone=normalise_phone(row.get("telephone", ""), departement),
            email=_first(row.get("courriel", "")),
            website=_link(_first(row.get("site_web", ""))),
            appointment_url=_link(row.get("prise_rdv", "")),
            accessibility_url=_link(row.get("accessibilite") or row.get("fiche_acces_libre", "")),
            summary=row.get("presentation_resume", "")[:500],
            labelled=_ACCEPTS_CONDITION in conditions
            or any(_head(label) == _ACCEPTS_LABEL for label in labels)
            or row.get("pass_numerique", "").lower() in ("1", "true", "oui", "vrai"),
            services=services,
            implied=implied and bool(services),
            supports=_known(_heads(_values(row, "modalites_accompagnement")), _SUPPORTS),
            care=tuple(dict.fromkeys(c for h in _heads(public_labels) for c in _CARE.get(h, ()))),
            prices=_known(conditions, _PRICES),
            publics=tuple(
                label.split(" : ")[0]
                for label in _values(row, "publics_accueillis", "publics_specifiquement_adresses")
                if _head(label) not in _CARE
            ),
            programmes=programmes,
            networks=networks,
            access=_known(_heads(_values(row, "modalites_acces")), _ACCESS),
            access_note=row.get("precisions_acces", "")[:300],
            itinerance=_known(_heads(_values(row, "itinerance")), _ITINERANCE),
        )

    def _offered(self, raw: str) -> tuple[str, ...]:
        """Return the ids of the services of a cell; a file repeats a few hundred of them."""
        known = self._offered_as.get(raw)
        if known is None:
            known = self._offered_as[raw] = self._services.offered(_parts(raw))
        return known

    def _key(self, source: str, identifier: str) -> str:
        """Return a key no other row has: some sources repeat their identifiers."""
        key = f"{source}#{identifier}"
        count = self._keys.get(key, 0) + 1
        self._keys[key] = count
        return key if count == 1 else f"{key}~{count}"


def read_day(text: str) -> date | None:
    """Read a day as sources write it: ISO, ``05/08/2016``, a year, a month, an Excel number.

    A year or month alone is its first day. 1970-01-01 is a default, not a date.
    """
    text = text.strip()
    try:
        day = date.fromisoformat(text[:10])
        return None if day == _EPOCH else day
    except ValueError:
        pass
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    try:
        if found:
            day = date(int(found[3]), int(found[2]), int(found[1]))
            return None if day == _EPOCH else day
        if re.fullmatch(r"(?:19|20)\d\d", text):
            return date(int(text), 1, 1)
        if re.fullmatch(r"[34]\d{4}", text):
            return _EXCEL_DAY_ZERO + timedelta(days=int(text))
    except ValueError:
        return None
    words = fold(text).split()
    if len(words) == 3 and words[1] in _MONTHS and re.fullmatch(r"20\d\d", words[2]):
        number = words[0].removesuffix("er")
        try:
            return date(int(words[2]), _MONTHS[words[1]], int(number))
        except ValueError:
            return None
    if len(words) == 2 and words[0] in _MONTHS and re.fullmatch(r"20\d\d", words[1]):
        return date(int(words[1]), _MONTHS[words[0]], 1)
    return None


def _where(row: DirectoryRow) -> tuple[str, str, str]:
    """Return postcode, commune and street, taken from the address where columns are empty."""
    address = row.get("adresse", "")
    commune = row.get("commune", "")
    postcode = row.get("code_postal", "").replace(" ", "").removesuffix(".0")
    if postcode.isdigit() and len(postcode) == 4:
        postcode = "0" + postcode
    if not re.fullmatch(r"\d{5}", postcode):
        postcode = ""
    found = list(_POSTCODE.finditer(address))
    if found and (not postcode or found[-1][1] == postcode):
        postcode = found[-1][1]
        commune = commune or address[found[-1].end() :].strip(" ,")
        address = address[: found[-1].start()].strip(" ,-") or address
    return postcode, commune, address


def _values(row: DirectoryRow, *names: str) -> list[str]:
    return [part for name in names if (raw := row.get(name)) for part in _parts(raw)]


@lru_cache(maxsize=8_192)
def _parts(raw: str) -> tuple[str, ...]:
    separator = "|" if "|" in raw else ";"
    return tuple(part.strip() for part in raw.split(separator) if part.strip())


def _heads(labels: Iterable[str]) -> list[str]:
    """Return labels folded, without the explanation that 0.1 adds after a colon."""
    return [_head(label) for label in labels]


@lru_cache(maxsize=8_192)
def _head(label: str) -> str:
    return fold(label.partition(" : ")[0])


def _known(heads: Iterable[str], vocabulary: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(vocabulary[head] for head in heads if head in vocabulary))


def _programmes(name: str, source: str, labels: Iterable[str]) -> tuple[str, ...]:
    folded, publisher = fold(name), _head(source)
    found = {_PROGRAMME_LABELS.get(_head(label), "") for label in labels} - {""}
    if "france services" in folded or publisher.startswith("france services"):
        found.add(place.FRANCE_SERVICES)
    if "conseillers numeriques" in publisher or "conseiller numerique" in folded:
        found.add(place.CONSEILLER)
    if _LIBRARY.search(folded):
        found.add(place.LIBRARY)
    return tuple(p for p in place.PROGRAMMES if p in found)


def _first(text: str) -> str:
    return re.split(r"[|;\s]", text.strip())[0]


def _link(text: str) -> str:
    """Return a web address, completed; empty for what is none."""
    text = text.strip()
    if re.match(r"https?://[^\s\"'<>]+$", text, re.IGNORECASE):
        return text
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/[^\s\"'<>]*)?", text):
        return f"https://{text}"
    return ""
