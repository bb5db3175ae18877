"""The search under way, as it is kept between two messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from actions.places.directory import Found


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, where, and what has been shown. Plain JSON, no shared position."""

    about_pass: bool = False
    """The question is about the pass: places that took it come first."""
    need: str = ""
    """The need in the person's words, from which the service is read; or empty."""
    wishes: str = ""
    """Filters in words («ouvert le samedi»), read again at each search."""
    where: str = ""
    """The words in which a place was understood; empty before, and after a shared position."""
    candidates: tuple[tuple[str, str], ...] = ()
    """Title and payload of the places to choose from, when a name is ambiguous."""
    misses: int = 0
    """Answers in a row in which no place was understood."""
    shown: tuple[str, ...] = ()
    """Ids already shown, the last page included."""
    listed: tuple[str, ...] = ()
    """Ids of the last page, in order: what «le deuxième» is about."""
    ahead: tuple[tuple[str, int], ...] = ()
    """Ids and metres of what comes next around a position that was not kept."""

    @classmethod
    def read(cls, slot: Mapping[str, Any] | None) -> Self:
        """Read what ``to_slot`` wrote; an absent or older slot is a new search."""
        if not slot:
            return cls()
        pairs = ("candidates", "ahead")
        try:
            values: dict[str, Any] = {
                name: tuple(tuple(pair) for pair in value)
                if name in pairs
                else tuple(value)
                if isinstance(value, list)
                else value
                for name, value in slot.items()
            }
            return cls(**values)
        except TypeError:
            return cls()

    def to_slot(self) -> dict[str, Any]:
        """Return what Rasa keeps."""
        return asdict(self)

    def afresh(self, where: str = "") -> Self:
        """Return the same search, somewhere, from its first page."""
        return replace(self, where=where, candidates=(), misses=0, shown=(), listed=(), ahead=())

    def showing(self, page: Sequence[Found], ahead: Sequence[Found] = ()) -> Self:
        """Return the search once a page has been shown."""
        ids = tuple(found.place.id for found in page)
        return replace(
            self,
            shown=(*self.shown, *ids),
            listed=ids,
            ahead=tuple((one.place.id, round(one.distance_m or 0)) for one in ahead),
        )
