"""Every meaning in a terminal: nothing that matters is left out, numbers tap the right button."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from actions.messages import (
    KINDS,
    AskPosition,
    Button,
    Choices,
    Document,
    Handoff,
    Line,
    Message,
    PlaceCard,
    Places,
    Reminder,
    Sheet,
    Simulation,
    Source,
    Text,
    Venues,
)
from bot.conversation import Incoming, Kind
from bot.terminal.chat import TerminalChat
from bot.terminal.render import TerminalRenderer
from bot.terminal.saved_files import FileSaver, save_nothing

PLACE = PlaceCard(
    id="1",
    name="Médiathèque de l'Exemple",
    address="1 rue de l'Exemple, 57000 Metz",
    latitude=49.1,
    longitude=6.2,
    distance_m=812,
    distance="800 m",
    hours="ouvert jusqu'à 18 h",
    phone="03 00 00 00 00",
    accepts_pass=True,
    free=True,
    directions_url="https://exemple.fr/chemin",
)
BUTTONS = (Button("Horaires", "/lieu_horaires"), Button("Plus de lieux", "plus de lieux"))
SOURCE = Source("Préfecture, 2020", "https://exemple.fr/source")

EVERY: list[tuple[Message, tuple[str, ...]]] = [
    (Text("Bonjour [gras]", sources=(SOURCE,)), ("[gras]", "Préfecture", "exemple.fr/source")),
    (Choices("Laquelle ?", buttons=BUTTONS), ("Laquelle ?", "1. Horaires", "2. Plus de lieux")),
    (AskPosition("Où êtes-vous ?"), ("Où êtes-vous ?",)),
    (
        Places("Voici :", places=(PLACE,), notice="Lieux fictifs", sources=(SOURCE,)),
        ("Médiathèque", "800 m", "57000 Metz", "18 h", "03 00", "Pass", "gratuit", "fictifs"),
    ),
    (Venues("Sur la carte :", places=(PLACE,)), ("Médiathèque", "https://exemple.fr/chemin")),
    (
        Simulation(
            "L'aide :",
            eligible="oui",
            max_aid_eur=10257,
            lines=(Line("Aide", "10 257 €", "S1"),),
            reasons=("la moitié",),
            sources=(SOURCE,),
        ),
        ("L'aide :", "10 257 €", "S1", "la moitié", "Préfecture"),
    ),
    (Sheet("Votre fiche", request="20 515 €", on="2020-09-01"), ("Votre fiche", "fiche PDF")),
    (Document("Vos données", filename="d.json", content="{}"), ("Vos données", "d.json")),
    (Reminder("C'est noté", subject="aap", on="2020-10-10"), ("C'est noté",)),
    (Handoff("Une personne vous aide", buttons=(Button("Site", url="https://exemple.fr"),)),
     ("Une personne", "Site", "https://exemple.fr")),
]  # fmt: skip


def shown(message: Message, *, width: int = 100, terminal: bool = False) -> str:
    output = io.StringIO()
    console = Console(
        file=output, width=width, force_terminal=terminal, color_system=None, highlight=False
    )
    TerminalRenderer(console, save_nothing).show([message])
    return output.getvalue()


@pytest.mark.parametrize(("message", "wanted"), EVERY, ids=[m.kind for m, _ in EVERY])
@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
@pytest.mark.parametrize("width", [40, 100])
def test_everything_is_shown(
    message: Message, wanted: tuple[str, ...], terminal: bool, width: int
) -> None:
    text = "".join(shown(message, width=width, terminal=terminal).split())
    for part in wanted:
        assert "".join(part.split()) in text


def test_every_meaning_is_tested() -> None:
    assert {message.kind for message, _ in EVERY} == set(KINDS)


def test_a_pipe_gets_no_escape_and_no_trailing_space() -> None:
    for message, _ in EVERY:
        text = shown(message)
        assert "\x1b" not in text
        assert all(line == line.rstrip() for line in text.splitlines())


async def _lines(*typed: str) -> AsyncIterator[str]:
    for line in typed:
        yield line


class Heard:
    def __init__(self) -> None:
        self.received: list[Incoming] = []

    async def __call__(self, incoming: Incoming) -> list[Message]:
        self.received.append(incoming)
        if incoming.text == "silence":
            return []
        link = Button("Ailleurs", url="https://exemple.fr")
        return [Text("un", buttons=(BUTTONS[0], link)), Choices("deux", buttons=(BUTTONS[1],))]


def chat_with(heard: Heard, on: date | None = None) -> TerminalChat:
    console = Console(file=io.StringIO(), width=80)
    return TerminalChat(heard, TerminalRenderer(console, save_nothing), "quelqu'un", on)


async def test_a_number_taps_its_button_across_messages() -> None:
    heard = Heard()
    await chat_with(heard).run(_lines("1", "2", "3", "57000", "2 pass"))
    kinds = [(one.kind, one.payload or one.text) for one in heard.received]
    assert kinds == [
        (Kind.TEXT, "/start"),
        (Kind.BUTTON, "/lieu_horaires"),
        (Kind.BUTTON, "plus de lieux"),
        (Kind.TEXT, "3"),
        (Kind.TEXT, "57000"),
        (Kind.TEXT, "2 pass"),
    ]


async def test_a_day_is_carried_and_ids_differ() -> None:
    heard = Heard()
    await chat_with(heard, date(2020, 9, 1)).run(_lines("bonjour", "bonjour"))
    assert {one.on for one in heard.received} == {date(2020, 9, 1)}
    assert len({one.key for one in heard.received}) == 3


async def test_empty_lines_are_nothing_and_quitter_leaves() -> None:
    heard = Heard()
    typed = await chat_with(heard).run(_lines("", "  ", "/quitter", "jamais lu"))
    assert [one.text for one in heard.received] == ["/start"]
    assert typed == 2


async def test_silence_keeps_the_choices() -> None:
    heard = Heard()
    await chat_with(heard).run(_lines("silence", "2"))
    assert heard.received[-1].payload == "plus de lieux"


def test_files_never_replace_another_nor_leave_the_folder(tmp_path: Path) -> None:
    save = FileSaver(tmp_path, lambda request, on: f"{request} {on}".encode())
    save(Document("", filename="../../d.json", content="un"))
    said = save(Document("", filename="d.json", content="deux"))
    save(Sheet("", request="20 515 €", on="2020-09-01"))
    assert str(tmp_path / "d-2.json") in said
    files = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert files == {
        "d.json": "un",
        "d-2.json": "deux",
        "simulation-pass-numerique.pdf": "20 515 € 2020-09-01",
    }


@pytest.mark.parametrize("width", range(12, 60))
def test_a_figure_is_never_cut(width: int) -> None:
    shown = io.StringIO()
    console = Console(file=shown, width=width, highlight=False)
    figure = "200\u00a0000\u00a0€"
    said = Text(f"On espérait aider avec une aide de {figure} au plus, et de {figure} au moins.")
    TerminalRenderer(console, save_nothing).show([said])
    assert shown.getvalue().count(figure) == 2
