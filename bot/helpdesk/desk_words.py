"""The helpdesk's words: ``data/answers/helpdesk.yaml`` and its translations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from actions.french import typeset
from actions.reading.language import FRENCH
from actions.words import Words, WordsError, load_words, read_file
from bot.helpdesk.languages import Tongue, load_tongues
from bot.helpdesk.prepared_answers import variables
from bot.store import Person

FILE = "helpdesk.yaml"


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """An answer that an agent can start from."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DeskWords:
    """Every word of the helpdesk, for persons and for agents."""

    say: Words
    """What agents read."""
    tongues: Mapping[str, Tongue]
    """What persons read, by language."""
    reasons: Mapping[str, str]
    ready: tuple[ReadyAnswer, ...]
    topics: Mapping[str, str]
    """Human titles of topics, by intent; the intent itself where there is none."""
    zone: ZoneInfo

    def to(self, person: Person | None) -> Tongue:
        """Return the words for a person: in the language that they write."""
        return self.tongues[person.written if person and person.written else FRENCH]

    def topic(self, intent: str) -> str:
        """Return a topic's title, or an empty string."""
        return self.topics.get(intent, intent)

    def kind(self, kind: str) -> str:
        """Return what a message that is no text is called: «message vocal»."""
        return self.tongues[FRENCH].kind(kind)

    def moment(self, at: datetime, now: datetime) -> str:
        """Say a moment as seen from now: «demain à 9 h», «lundi 23 novembre à 14 h 30»."""
        return self.tongues[FRENCH].moment(at, now)


def load_desk_words(
    folder: Path, zone: ZoneInfo, topics: Mapping[str, str] | None = None
) -> DeskWords:
    """Read ``helpdesk.yaml`` and its translations in a folder of answers.

    Raises:
        WordsError: Not files of such words, or one does not say what the French does.
        OSError: One cannot be read.
    """
    say = load_words(folder / FILE)
    data = read_file(folder / FILE)
    try:
        ready = tuple(
            ReadyAnswer(typeset(item["titre"]), typeset(item["texte"])) for item in data["reponses"]
        )
        names = {typeset(item["titre"]): variables(item["texte"]) for item in data["reponses"]}
        reasons = {key: typeset(words) for key, words in data["motifs"].items()}
    except (KeyError, TypeError, ValueError) as error:
        raise WordsError(FILE, "« motifs » et « reponses » sont attendus") from error
    tongues = load_tongues(folder, say, names, zone)
    return DeskWords(say, tongues, reasons, ready, topics or {}, zone)
