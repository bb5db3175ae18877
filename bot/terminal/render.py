"""Every meaning of ``actions.messages``, laid out for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from actions.french import NBSP
from actions.messages import (
    Button,
    Document,
    Message,
    PlaceCard,
    Places,
    Sheet,
    Simulation,
    Source,
    Venues,
)

Save = Callable[[Sheet | Document], str]
"""Writes a file that the person is given; returns where it is."""

PLAIN_WIDTH = 100
"""Columns when the output is no terminal."""

_HELD = "\ue000"
"""Stands for a no-break space while lines are cut: rich would cut there («200 | 000 €»)."""

_TABLE_WIDTH = 80
"""Columns below which places are a list: a table would be all wrapped words."""


class TerminalRenderer:
    """Shows what the assistant says; the same words in colours, or plain in a pipe."""

    def __init__(self, console: Console, save: Save) -> None:
        self._console = console
        self._save = save

    def show(self, messages: Sequence[Message]) -> list[Button]:
        """Print messages; return the buttons that the numbers shown stand for."""
        with self._console.capture() as captured:
            offered = self._print(messages)
        # Cells are filled up with spaces, which only get in the way once copied or piped.
        shown = captured.get().replace(_HELD, NBSP)
        lines = (line.rstrip() for line in shown.splitlines())
        self._console.file.write("\n".join(lines) + "\n")
        self._console.file.flush()
        return offered

    def _print(self, messages: Sequence[Message]) -> list[Button]:
        offered: list[Button] = []
        numbers = count(1)
        for message in messages:
            self._console.print(
                Padding(Group(*self._body(message)), (0, 0, 0, 2), expand=False), soft_wrap=False
            )
            for button in getattr(message, "buttons", ()):
                if button.url:
                    line = Styled.assemble("    ↗ ", button.title, (f"  {button.url}", "dim"))
                else:
                    offered.append(button)
                    line = Styled.assemble((f"    {next(numbers)}. ", "bold cyan"), button.title)
                self._console.print(line, soft_wrap=bool(button.url))
            self._console.print()
        return offered

    def notice(self, text: str) -> None:
        """Print a line that is not the assistant's."""
        self._console.print(Styled(text, style="dim"))

    def _body(self, message: Message) -> list[RenderableType]:
        said: list[RenderableType] = [Styled(_held(message.text))]
        match message:
            case Places():
                said.append(self._places(message.places))
                if message.notice:
                    said.append(Styled(_held(message.notice), style="yellow"))
            case Venues():
                said.extend(_venue(place) for place in message.places)
            case Simulation():
                said.append(_lines(message))
                said.extend(Styled(_held(f"• {reason}")) for reason in message.reasons)
            case Sheet() | Document():
                said.append(Styled(self._save(message), style="bold"))
            case _:
                pass
        said.extend(_source(source) for source in getattr(message, "sources", ()))
        return said

    def _places(self, places: Sequence[PlaceCard]) -> RenderableType:
        if not self._console.is_terminal or self._console.width < _TABLE_WIDTH:
            return Group(*(_listed(place) for place in places))
        table = Table(show_edge=False, pad_edge=False, box=None, padding=(0, 2, 1, 0))
        table.add_column("Lieu", style="bold", ratio=4)
        table.add_column("Distance", no_wrap=True)
        table.add_column("Adresse", ratio=4)
        table.add_column("Horaires et téléphone", ratio=4)
        for place in places:
            name = "\n".join([place.name, *_marks(place)])
            table.add_row(
                name,
                _held(place.distance),
                _held(place.address),
                _held("\n".join(part for part in (place.hours, place.phone, place.why) if part)),
            )
        return table


def _listed(place: PlaceCard) -> Styled:
    head = f"– {place.name}" + (f" ({place.distance})" if place.distance else "")
    rows = [place.address, place.hours, place.phone, place.website, place.why, *_marks(place)]
    return Styled(_held("\n".join([head, *(f"  {row}" for row in rows if row)])))


def _marks(place: PlaceCard) -> list[str]:
    marks = []
    if place.accepts_pass:
        marks.append("a accepté le Pass numérique")
    if place.free:
        marks.append("gratuit")
    if place.updated:
        marks.append(place.updated)
    return marks


def _venue(place: PlaceCard) -> Styled:
    where = place.directions_url or f"{place.latitude:.5f}, {place.longitude:.5f}"
    return Styled.assemble(f"– {place.name}, {place.address}\n  ", (where, "dim"))


def _lines(simulation: Simulation) -> RenderableType:
    table = Table(show_header=False, show_edge=False, box=None, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right", style="bold")
    table.add_column(style="dim")
    for line in simulation.lines:
        table.add_row(*(_held(cell) for cell in (line.label, line.value, line.source)))
    return table


def _source(source: Source) -> Styled:
    where = f" · {source.url}" if source.url else ""
    return Styled(_held(f"Source\u00a0: {source.label}{where}"), style="dim")


def _held(text: str) -> str:
    return text.replace(NBSP, _HELD)
