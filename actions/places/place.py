"""A place of digital help: what one source says of it, and what is known once merged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions.geo import Point

ALONE = "en_autonomie"
ONE_TO_ONE = "individuel"
WORKSHOP = "atelier"
REMOTE = "a_distance"
ON_BEHALF = "a_ma_place"
SUPPORTS = (ALONE, ONE_TO_ONE, WORKSHOP, REMOTE, ON_BEHALF)
"""How people are helped (both versions of the national schema)."""

WHEELCHAIR = "handicap_moteur"
DEAF = "surdite"
BLIND = "deficience_visuelle"
MENTAL = "handicap_mental"
ILLITERACY = "illettrisme"
LANGUAGES = "langues"
ENGLISH = "anglais"
CARE = (WHEELCHAIR, DEAF, BLIND, MENTAL, ILLITERACY, LANGUAGES, ENGLISH)
"""Whom the place says that it can receive."""

FREE = "gratuit"
FREE_ON_CONDITION = "gratuit_sous_condition"
PAID = "payant"
MEMBERSHIP = "adhesion"
PRICES = (FREE, FREE_ON_CONDITION, PAID, MEMBERSHIP)

FRANCE_SERVICES = "france_services"
CONSEILLER = "conseiller_numerique"
LIBRARY = "mediatheque"
PROGRAMMES = (FRANCE_SERVICES, CONSEILLER, LIBRARY)
"""Public networks whose help is free for everyone."""

AIDANTS_CONNECT = "Aidants Connect"
"""Their helpers may do someone's procedures in their name, with a mandate."""
NETWORKS = (
    AIDANTS_CONNECT,
    "Certification PIX",
    "Emmaüs Connect",
    "Grande école du numérique",
    "La Croix Rouge",
    "Point d'accès numérique CAF",
    "Promeneurs du net",
    "Relais numérique (Emmaüs Connect)",
)
"""National programmes other than ``PROGRAMMES``, as schema 1.0 writes them."""

WALK_IN = "se_presenter"
CALL = "telephoner"
WRITE = "ecrire"
BOOK = "prendre_rdv"
PRESCRIBED = "prescription"
NO_PUBLIC = "sans_public"
ACCESS = (WALK_IN, CALL, WRITE, BOOK, PRESCRIBED, NO_PUBLIC)
"""What to do first to be helped (schema 1.0: «modalités d'accès»)."""

ITINERANT = "itinerant"
FIXED = "fixe"
ITINERANCE = (ITINERANT, FIXED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What can be said of a place. Empty text or tuple: the sources do not say."""

    name: str
    address: str = ""
    postcode: str = ""
    commune: str = ""
    insee: str = ""
    """INSEE code of the commune, or of the municipal arrondissement."""
    city: str = ""
    """INSEE code of the commune that ``insee`` is part of (differs for arrondissements)."""
    departement: str = ""
    region: str = ""
    point: Point
    approximate: bool = False
    """``point`` is the commune's: the source gives no usable coordinates."""
    hours_osm: str = ""
    """Opening hours as published: OSM syntax, or free text."""
    phone: str = ""
    email: str = ""
    website: str = ""
    appointment_url: str = ""
    accessibility_url: str = ""
    summary: str = ""
    labelled: bool = False
    """A source says that it accepted the Pass numérique (no promise for today)."""
    services: tuple[str, ...] = ()
    """Ids of ``actions.places.services``."""
    implied: bool = False
    """``services`` are the missions of its national programme: no source lists what it does,
    and it may do other things as well."""
    supports: tuple[str, ...] = ()
    """Among ``SUPPORTS``."""
    care: tuple[str, ...] = ()
    """Among ``CARE``."""
    prices: tuple[str, ...] = ()
    """Among ``PRICES``."""
    publics: tuple[str, ...] = ()
    """Publics as the sources name them."""
    programmes: tuple[str, ...] = ()
    """Among ``PROGRAMMES``."""
    networks: tuple[str, ...] = ()
    """Among ``NETWORKS``."""
    access: tuple[str, ...] = ()
    """Among ``ACCESS``."""
    access_note: str = ""
    """What one must have or be to be helped, in the source's words."""
    itinerance: tuple[str, ...] = ()
    """Among ``ITINERANCE``: a bus, a door, or both."""

    @property
    def free(self) -> bool:
        """Its help costs nothing, by its own words or by its national programme."""
        return FREE in self.prices or self.free_help

    @property
    def free_help(self) -> bool:
        """It belongs to a public network that helps everyone for free."""
        return bool(self.programmes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Described):
    """What one source says of one place."""

    key: str
    """Identifies the row within what was imported."""
    source: str
    """Who publishes it."""
    updated: date | None = None
    """Day of the source's last revision."""
    structure: str = ""
    """In data·inclusion: the structure that it is, or that offers the service that it is."""
    is_service: bool = False
    digital: bool = False
    """In data·inclusion: it says that it is about digital help."""
    nowhere: bool = False
    """A service whose row says no place: ``point`` means nothing, its structure's holds."""


@dataclass(frozen=True, slots=True)
class SourceRef:
    """One source of a place."""

    name: str
    updated: date | None
    origin: str
    """The file or address imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Described):
    """A place, all its sources merged."""

    id: str
    """Fourteen hexadecimal digits, stable from one import to the next."""
    sources: tuple[SourceRef, ...] = ()

    @property
    def updated(self) -> date | None:
        """Most recent revision among its sources."""
        return max((ref.updated for ref in self.sources if ref.updated), default=None)
