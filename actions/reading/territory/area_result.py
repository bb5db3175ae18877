"""What reading «where I am» gives: an area, a choice, a question, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from actions.geo import Point

Status = Literal["found", "ambiguous", "ask_position", "unknown"]
FOUND: Status = "found"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of an ambiguous name, worded for a button."""

    kind: str
    codes: tuple[str, ...]
    name: str
    departement: str
    """Name of its département; empty for a département or a région."""
    postcode: str
    point: Point

    @property
    def label(self) -> str:
        """«Saint-Denis (Seine-Saint-Denis, 93200)»."""
        if self.kind == "departement":
            return f"{self.name} (département)"
        inside = ", ".join(part for part in (self.departement, self.postcode) if part)
        return f"{self.name} ({inside})" if inside else self.name

    @property
    def query(self) -> str:
        """What a person could type for exactly this: the button's payload."""
        if self.kind == "departement":
            return f"département {self.name}"
        return f"{self.name} {self.postcode}".strip()


@dataclass(frozen=True, slots=True)
class Area:
    """A part of France, or why there is none."""

    status: Status
    kind: str = ""
    """``commune``, ``postcode``, ``departement``, ``region`` or ``epci``; empty when unknown."""
    codes: tuple[str, ...] = ()
    """Found: INSEE code (an arrondissement has its own), postcode, code of the département or
    région, or SIREN, as ``kind`` says. Ambiguous: the codes of all candidates."""
    label: str = ""
    """The name to say back: «Metz», «Lyon 3e», «Meuse»; empty unless found."""
    point: Point | None = None
    """Where distances are measured from; ``None`` unless found."""
    postcode: str = ""
    """The postcode that was written, when it was understood."""
    communes: tuple[str, ...] = ()
    """INSEE codes of the communes of a postcode, the most populous first, or of an EPCI."""
    departements: tuple[str, ...] = ()
    """Codes of the départements it lies in; all those of a région (of Alsace: 67 and 68)."""
    address: str = ""
    """A street address as written, commune included, for a ``Geocoder``; empty when none."""
    candidates: tuple[Candidate, ...] = ()
    """What to choose from when ambiguous, the most likely first."""


UNKNOWN = Area("unknown")
ASK_POSITION = Area("ask_position")
