"""What a message means by what was said before it: «cette année-là», «l'autre appel»."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.bootstrap import Services
from actions.handlers.thread import COMPUTED, Thread
from actions.handlers.turn import HandlerTurn
from actions.programme.calls import calls
from actions.programme.project import Project
from actions.reading.question import Back

_A_CALL_ALONE = re.compile(
    r"(?:(?:non|nan|oui|pardon|euh|ah|oups|zut|desolee?|excusez moi|m|je|me|suis|trompee?|"
    r"voulai[st]|dire|veux|parl(?:e|ais|ait)|pens(?:e|ais)|plutot|enfin|en|fait|c|est|etait|pour|"
    r"de|du|a|au|l|la|le|les|appel|annee|celui|celle|mais|et|ou|comment|alors|donc|meme|question|"
    r"chose|pareil|bon|ok|merci|d|accord|autre|avant|apres|dans|cas|precedente?|suivante?|cette|"
    r"ce|il|on|ca|s|y|vous|(?:19|20)\d\d)(?: |$))+"
)
"""Words that ask nothing beside the call that they name."""
WORDS_ON_A_CALL = 12


def names_a_call_alone(turn: HandlerTurn) -> bool:
    """Say whether a message names a call and nothing else: «pardon, je voulais dire 2020»."""
    question, folded = turn.reading.question, turn.reading.folded
    named = bool(question.years or question.ordinals) and not question.values
    few = len(folded.split()) <= WORDS_ON_A_CALL
    return named and few and bool(_A_CALL_ALONE.fullmatch(folded))


def in_context(services: Services, turn: HandlerTurn) -> HandlerTurn:
    """Return a turn whose question names the call that it means by what was just said."""
    question = turn.reading.question
    if question.back is None or question.years or not Thread.read(turn.slots).topic:
        return turn
    if services.topics.of(turn.slots.get("sujet")).family == "lieux":
        return turn  # «et l'autre ?» is of a place
    facts = services.simulator.facts
    at = facts.at(turn.on)
    known = [year for year in calls(facts) if f"aap_{year}.annonce" in at]
    told = call_spoken_of(services, turn)
    if not known or (told is None and question.back is Back.SAME):
        return turn
    place = known.index(told) if told in known else len(known) - 1
    step = {Back.SAME: 0, Back.BEFORE: -1, Back.AFTER: 1}
    # «L'autre» is the next one, round the end: there are two.
    place = (place + 1) % len(known) if question.back is Back.OTHER else place + step[question.back]
    if not 0 <= place < len(known):
        return turn
    meant = replace(question, years=(known[place],), years_away=None)
    return replace(turn, reading=turn.reading.meaning(meant))


def call_spoken_of(services: Services, turn: HandlerTurn) -> int | None:
    """Return the call that the talk is about; nothing where it named none."""
    thread = Thread.read(turn.slots)
    if thread.topic == COMPUTED:
        simulator = services.simulator
        return Project.read(turn.slots.get("simulation")).request(simulator).call
    return thread.call
