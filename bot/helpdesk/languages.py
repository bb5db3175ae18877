"""What the helpdesk says to persons, in the language that they write.

French is the source (``helpdesk.yaml``). Each file of ``data/answers/helpdesk/`` says the same in
another language: every sentence that a person may read, with the same values, and the ready
answers. What one of them leaves out, or says with other values, is found when it is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from actions.french import DAYS, NBSP, clock, counted, day_of_year, french_date, typeset
from actions.messages import Button
from actions.reading.language import FRENCH, LANGUAGES
from actions.words import Words, WordsError, compile_words, read_file, words_of
from bot.helpdesk.decision.availability import Availability, DeskState
from bot.helpdesk.decision.queue import Wait
from bot.helpdesk.prepared_answers import variables

FOLDER = "helpdesk"
"""Where the translations are, in the folder of answers: ``en.yaml``…"""

TIMES = frozenset(("aujourd_hui", "demain", "hier", "jour", "minutes", "heures", "heures_minutes"))
"""The keys of a translation's ``moments``."""


class Times(Protocol):
    """How a language says moments and durations."""

    def moment(self, at: datetime, now: datetime) -> str:
        """Say a moment as seen from now, both in the same time zone."""

    def duration(self, minutes: int) -> str:
        """Say a duration of the estimate."""

    def starting(self, moment: str) -> str:
        """Put a moment where a sentence says from when."""

    def day(self, day: date) -> str:
        """Say a day."""


class FrenchTimes:
    """Moments as French says them: «demain à 9 h», «lundi 23 novembre à 14 h 30»."""

    def moment(self, at: datetime, now: datetime) -> str:
        """Say a moment as seen from now, both in the same time zone."""
        return moment(at, now)

    def duration(self, minutes: int) -> str:
        """Say a duration of the estimate: «5 minutes», «1 heure», «1 h 30»."""
        return duration(minutes)

    def starting(self, moment: str) -> str:
        """Say «à partir…» of it: «de demain», «d’aujourd’hui»."""
        return f"d’{moment}" if moment[0] in "ah" else f"de {moment}"

    def day(self, day: date) -> str:
        """Say a day: «28 novembre 2026»."""
        return french_date(day)


@dataclass(frozen=True, slots=True)
class OtherTimes:
    """Moments in figures, but for the names of days: no month to decline, no plural."""

    say: Words
    days: Sequence[str]

    def moment(self, at: datetime, now: datetime) -> str:
        """Say a moment as seen from now, both in the same time zone."""
        hour = f"{at:%H:%M}"
        away = (at.date() - now.date()).days
        if near := {0: "aujourd_hui", 1: "demain", -1: "hier"}.get(away):
            return self.say(near, hour=hour)
        day = f"{at:%d/%m}" if at.year == now.year else self.day(at.date())
        return self.say("jour", weekday=self.days[at.weekday()], day=day, hour=hour)

    def duration(self, minutes: int) -> str:
        """Say a duration of the estimate."""
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self.say("minutes", minutes=rest)
        return self.say("heures_minutes" if rest else "heures", hours=hours, minutes=rest)

    def starting(self, moment: str) -> str:
        """Leave it as it is: the sentence is made for it."""
        return moment

    def day(self, day: date) -> str:
        """Say a day: ``28/11/2026``."""
        return f"{day:%d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class Tongue:
    """Every word of the helpdesk that a person reads, in one language."""

    language: str
    say: Words
    times: Times
    zone: ZoneInfo
    ready: Mapping[str, str]
    """Ready answers by French title; empty for French, which needs no translation."""

    @property
    def is_french(self) -> bool:
        """Whether agents and the person write the same language."""
        return self.language == FRENCH

    def ask(self, decision: Availability, wait: Wait | None, now: datetime) -> str:
        """Say what a person who asks for someone must know."""
        return self.say(
            f"ask_{decision.desk.value}",
            wait=self.queue(decision.position, wait),
            holiday=decision.holiday,
            when_closed=self._when("when_closed", decision, now),
            when_absent=self._when("when_absent", decision, now),
        )

    def later(self, decision: Availability, now: datetime) -> str:
        """Say when someone will answer, once the message is taken."""
        if decision.desk in (DeskState.ABSENT, DeskState.FULL, DeskState.OPEN):
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
        high = self.times.duration(wait.high_minutes)
        if wait.low_minutes == wait.high_minutes:
            return f"{rank} {self.say('wait_about', high=high)}"
        low = self.times.duration(wait.low_minutes)
        return f"{rank} {self.say('wait_between', low=low, high=high)}"

    def moment(self, at: datetime, now: datetime) -> str:
        """Say a moment as seen from now."""
        return self.times.moment(at.astimezone(self.zone), now.astimezone(self.zone))

    def kind(self, kind: str) -> str:
        """Return what a message that is no text is called."""
        key = f"kind_{kind}"
        return self.say(key if key in self.say else "kind_other")

    def button(self, title: str, what: str, ticket_id: int) -> Button:
        """Return a button that the reception understands."""
        payload = f'/helpdesk_{what}{{"ticket": {ticket_id}}}'
        return Button(self.say(title if "_" in title else f"button_{title}"), payload)

    def _when(self, key: str, decision: Availability, now: datetime) -> str:
        if decision.answers_from is None:
            return self.say("when_unknown")
        said = self.moment(decision.answers_from, now)
        return self.say(key, moment=self.times.starting(said))


def moment(at: datetime, now: datetime) -> str:
    """Say a moment in French, both in the same time zone."""
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
    """Say a duration of the estimate in French: «5 minutes», «1 heure», «1 h 30»."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return counted(minutes, "minute")
    if not rest:
        return counted(hours, "heure")
    return f"{hours}{NBSP}h{NBSP}{rest:02d}"


def load_tongues(
    folder: Path, source: Words, ready: Mapping[str, frozenset[str]], zone: ZoneInfo
) -> dict[str, Tongue]:
    """Read the translations of a folder of answers, and return every language with French.

    Args:
        folder: The folder of answers.
        source: The French sentences, agents' too.
        ready: The variables of each French ready answer, by title.
        zone: Where the helpdesk is.

    Raises:
        WordsError: A translation leaves something out, or says it with other values.
        OSError: One cannot be read.
    """
    others = [
        _read(folder / FOLDER / f"{language}.yaml", language, source, ready, zone)
        for language in LANGUAGES
        if language != FRENCH
    ]
    # What persons may be told is what is translated: the code can say nothing else to them.
    told = {key: source[key] for key in others[0].say}
    for other in others:
        if missing := told.keys() ^ other.say.keys():
            raise WordsError(f"{FOLDER}/{other.language}.yaml", f"en trop ou en moins : {missing}")
    french = Tongue(FRENCH, Words(told), FrenchTimes(), zone, {})
    return {tongue.language: tongue for tongue in (french, *others)}


def _read(
    path: Path, language: str, source: Words, ready: Mapping[str, frozenset[str]], zone: ZoneInfo
) -> Tongue:
    name = f"{FOLDER}/{path.name}"
    data = read_file(path)
    say = words_of(data, name, dress=_tidy)
    for key, sentence in say.items():
        if key not in source:
            raise WordsError(name, f"{key} : rien ne dit cela en français")
        if sentence.needs != source[key].needs:
            raise WordsError(name, f"{key} : les valeurs ne sont pas celles du français")
    try:
        times = compile_words(data["moments"], name, dress=_tidy)
        days = tuple(str(day) for day in data["jours"])
        answers = {typeset(title): _tidy(text) for title, text in data["reponses"].items()}
    except (AttributeError, KeyError, TypeError) as error:
        raise WordsError(name, "« moments », « jours » et « reponses » sont attendus") from error
    if times.keys() != TIMES or len(days) != len(DAYS):
        raise WordsError(name, "il manque un moment ou un jour")
    for title, text in answers.items():
        if ready.get(title) != variables(text):
            raise WordsError(name, f"« {title} » : pas de telle réponse prête en français")
    if missing := ready.keys() - answers.keys():
        raise WordsError(name, f"réponses prêtes à traduire : {', '.join(sorted(missing))}")
    return Tongue(language, say, OtherTimes(times, days), zone, answers)


def _tidy(text: str) -> str:
    return " ".join(text.split())
