"""Where people say they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from actions.places.gazetteer import Gazetteer
from actions.places.geo import Point

Status = Literal["found", "ambiguous", "ask_position", "unknown"]
Kind = Literal["commune", "postcode", "departement", "region", "epci", ""]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of an ambiguous name, worded for a button."""

    kind: Kind
    codes: tuple[str, ...]
    name: str
    departement: str
    """Name of its département."""
    postcode: str
    point: Point

    @property
    def label(self) -> str:
        """«Saint-Denis (Seine-Saint-Denis, 93200)»."""
        inside = ", ".join(part for part in (self.departement, self.postcode) if part)
        return f"{self.name} ({inside})" if inside else self.name

    @property
    def query(self) -> str:
        """What a person could type for exactly this: the button's payload."""
        return f"{self.name} {self.postcode}".strip()


@dataclass(frozen=True, slots=True)
class Area:
    """A part of France, or why there is none."""

    status: Status
    kind: Kind = ""
    codes: tuple[str, ...] = ()
    """INSEE codes (commune: an arrondissement has its own), the postcode, the code of the
    département or région, or the SIREN."""
    label: str = ""
    """The name to say back: «Metz», «Lyon 3e», «Meuse»."""
    point: Point | None = None
    """Where distances are measured from, when found."""
    postcode: str = ""
    """The postcode that was written, when it was understood."""
    address: str = ""
    """A street address as written, for an optional geocoder; empty when none was given."""
    candidates: tuple[Candidate, ...] = ()
    """What to choose from when ambiguous; the most populous first."""


UNKNOWN = Area("unknown")


def parse_area(text: str, gazetteer: Gazetteer) -> Area:
    """Read where a person says they are, in a sentence or alone."""
    raise NotImplementedError
