"""The helpdesk's words: ``data/answers/helpdesk.yaml``, and moments as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from actions.french import DAYS, NBSP, clock, counted, day_of_year, french_date, typeset
from actions.words import WordsError, read_file
from bot.conversation.wording import Wording, load_wording
from bot.helpdesk.decision.desk import Decision, Desk
from bot.helpdesk.decision.queue import Wait

FILE = "helpdesk.yaml"


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """An answer that an agent can start from."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DeskWords:
    """Every word of the helpdesk, for persons and for agents."""

    say: Wording
    reasons: Mapping[str, str]
    ready: tuple[ReadyAnswer, ...]
    topics: Mapping[str, str]
    """Human titles of topics, by intent; the intent itself where there is none."""
    zone: ZoneInfo

    def topic(self, intent: str) -> str:
        """Return a topic's title, or an empty string."""
        return self.topics.get(intent, intent)

    def kind(self, kind: str) -> str:
        """Return what a message that is no text is called: «message vocal»."""
        key = f"kind_{kind}"
        return self.say(key if key in self.say else "kind_other")

    def ask(self, decision: Decision, wait: Wait | None, now: datetime) -> str:
        """Say what a person who asks for someone must know."""
        return self.say(
            f"ask_{decision.desk.value}",
            wait=self.queue(decision.position, wait),
            holiday=decision.holiday,
            when_closed=self._when("when_closed", decision, now),
            when_absent=self._when("when_absent", decision, now),
        )

    def later(self, decision: Decision, now: datetime) -> str:
        """Say when someone will answer, once the message is taken."""
        if decision.desk in (Desk.ABSENT, Desk.FULL, Desk.OPEN):
            return self.say("later_absent")
        return self._when("later_closed", decision, now)

    def queue(self, position: int, wait: Wait | None) -> str:
        """Say a rank in the queue and how long it takes, or that it is not known."""
        if position < 1:
            return self.say("wait_unknown")
        if position == 1:
            rank = self.say("rank_first")
        elif position == 2:
            rank = self.say("rank_second")
        else:
            rank = self.say("rank_more", before=position - 1)
        if wait is None:
            return f"{rank} {self.say('wait_unknown')}"
        high = duration(wait.high_minutes)
        if wait.low_minutes == wait.high_minutes:
            return f"{rank} {self.say('wait_about', high=high)}"
        return f"{rank} {self.say('wait_between', low=duration(wait.low_minutes), high=high)}"

    def moment(self, at: datetime, now: datetime) -> str:
        """Say a moment as seen from now: «demain à 9 h», «lundi 23 novembre à 14 h 30»."""
        return moment(at.astimezone(self.zone), now.astimezone(self.zone))

    def _when(self, key: str, decision: Decision, now: datetime) -> str:
        if decision.answers_from is None:
            return self.say("when_unknown")
        said = self.moment(decision.answers_from, now)
        return self.say(key, moment=f"d’{said}" if said[0] in "ah" else f"de {said}")


def moment(at: datetime, now: datetime) -> str:
    """Say a moment, both in the same time zone."""
    hour = clock(at.time())
    if at.date() == now.date():
        return f"aujourd’hui à {hour}"
    if at.date() == now.date() + timedelta(days=1):
        return f"demain à {hour}"
    if at.date() == now.date() - timedelta(days=1):
        return f"hier à {hour}"
    day = day_of_year(at) if at.year == now.year else french_date(at)
    return f"{DAYS[at.weekday()]} {day} à {hour}"


def duration(minutes: int) -> str:
    """Say a duration of the estimate: «5 minutes», «1 heure», «1 h 30»."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return counted(minutes, "minute")
    if not rest:
        return counted(hours, "heure")
    return f"{hours}{NBSP}h{NBSP}{rest:02d}"


def load_words(folder: Path, zone: ZoneInfo, topics: Mapping[str, str] | None = None) -> DeskWords:
    """Read ``helpdesk.yaml`` in a folder of answers.

    Raises:
        WordsError: Not a file of such words.
        OSError: It cannot be read.
    """
    say = load_wording(folder, FILE)
    data = read_file(folder / FILE)
    try:
        ready = tuple(
            ReadyAnswer(typeset(item["titre"]), typeset(item["texte"])) for item in data["reponses"]
        )
        reasons = {key: typeset(words) for key, words in data["motifs"].items()}
    except (KeyError, TypeError, ValueError) as error:
        raise WordsError(FILE, "« motifs » et « reponses » sont attendus") from error
    return DeskWords(say, reasons, ready, topics or {}, zone)
