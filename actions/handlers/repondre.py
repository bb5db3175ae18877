"""Questions whose answer is written: say it, say more, say it simpler."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from actions.answers.precise import Precision
from actions.answers.topics import AID_FORM, PLACES_FORM
from actions.bootstrap import Services
from actions.handlers.base import Handler
from actions.handlers.context import call_spoken_of, names_a_call_alone
from actions.handlers.thread import COMPUTED, SLOT, Thread, is_of_a_call
from actions.handlers.turn import HandlerTurn, Reply
from actions.handlers.values import (
    asks_about_another_applicant,
    asks_for_a_computation,
    asks_for_help_somewhere,
    form_that_reads,
    goes_on_about_places,
    what_changes,
)
from actions.messages import Source, Text
from actions.programme.winners import winners_at
from actions.reading.fold import fold
from actions.reading.question import Question

OF_THE_PROGRAMME = ("programme_actualite", "programme_acteurs")
"""Topics that know what a pronoun stands for."""
NATIONAL = frozenset({"aap_laureats", "programme_budget", "programme_bilan"})
"""Topics whose figures are those of France, and known of one région alone."""
_SHEET = re.compile(r"\b(?:fiche|recapitulatif|recap|resume ecrit|pdf)\b")
FEW = 6
"""«et pour l'ancien appel ?»: a longer message asks something of its own."""
_GOES_ON = re.compile(r"(?:et|pourquoi|mais|ok|il y a|c est quoi) ")
_ASKS_MORE = re.compile(
    r"(?:a quelle?|avec (?:quel\w*|combien)|quand|combien|sur (?:un|quel)|lequel|laquelle|"
    r"pour (?:un achat|combien|quel\w*)|(?:il|elle|ils|elles|lui) (?:\w+ ){1,3}combien|"
    r"c (?:est|etait) (?:quand|qui|ou|combien|finance\w*|paye\w*)|"
    r"comment (?:on )?(?:le|la|les|en|y)|qui (?:le|la|les|l|en|y)|il y en|en (?:19|20)\d\d|"
    r"l an\w*|jusqu|ca)\b"
)
"""How a few words without «et» ask for more of what was just said."""
_COURTESIES = re.compile(
    r"(?:(?:zut|mince|flute|dommage|aie|oups|tant pis|euh|hum|heu|desolee?|pardon|merci|"
    r"remercie\w*|bonjour|bonsoir|salut|ok|okay|d accord|super|parfait|tres bien|"
    r"bien|bon|genial|oui|non|nan|ah|oh|et|alors|donc|sinon|je vous|vous|beaucoup|infiniment|bcp|"
    r"madame|monsieur|pour (?:\w+ ){0,2}(?:precisions?|reponses?|infos?|informations?|aide|"
    r"explications?|retours?|tout|ca)|de (?:votre|ta|cette) \w+|(?:tres )?gentil|c est|note|"
    r"compris|entendu|(?:derniere|autre|une) (?:autre )?question) )+"
)
"""What may come before a question, and asks nothing (folded)."""
COURTEOUS = frozenset({"remercier", "saluer", "au_revoir"})
"""Topics that a question may come with."""
OUR_PASS = re.compile(
    r"\b(?:pass numerique|cheques? (?:aptic|numeriques?|culture numerique)|aptic)\b"
)
"""Names of what the assistant is about (folded)."""
_HOW_MANY = re.compile(r"\bcombien\b")
"""A number is asked for: no place, even where a town is named."""
_SMALL_TALK = re.compile(r"\b(?:ca va|allez|vas|etes la|es la|tu es|vous etes|et toi|et vous)\b")
_SENTENCES = re.compile(r"[.!…] +")
WORDS_OF_A_QUESTION = 3
"""After a courtesy, fewer words ask nothing."""
_STANDS_FOR = re.compile(
    r"\b(?:le|la|les|l|y|ca|cela|lui|leur|il|elle|ils|elles|lequel|c)\b|"
    r"\b(?:y|qui|j|t|m|s|on|ils?|elles?|nous|vous) en\b|^en (?:a|ai|ont|aura|avait|reste)\b"
)
_TAKES_PASSES = re.compile(
    r"\b(?:lieux?|structures?|mediatheques?|associations?|ateliers?|mediateurs?|"
    r"labell?\w*|scann\w*)\b"
)
"""Who takes passes speaks of it (folded)."""
_THEIR_SIDE = {
    "structure_remboursement": {
        "citoyens": ("pass_validite", re.compile(r"\b(?:m(?:on|es)|j) ")),
        "collectivites": ("aap_instruction", re.compile(r"^(?!.*\b(?:pass|cheques?|carnets?)\b)")),
    },
}
"""Where a question of who takes passes is, after what was said, one of someone else: its topic,
and what it must say."""
WHERE_NAMES_ARE = (
    "programme_acteurs",
    "programme_actualite",
    "aap_presentation",
    "pass_definition",
)
"""Topics under which what a greeting hides is looked for in its own words."""


@dataclass(frozen=True, slots=True)
class TopicAnswer:
    """An answer, and what it leaves to go on from."""

    text: Text
    row: str = ""
    """The row of a precise answer; empty for the whole answer of a topic."""
    thread: Thread = field(default_factory=Thread)
    """What the talk goes on from once it is said."""
    quoted: bool = False
    """The message carries the very value that is said."""
    first: bool = False
    """It is said whatever the topic."""

    def reply(self, topic: str, followup: str = "") -> Reply:
        """Say it as the answer about a topic."""
        slots = {"sujet": topic, SLOT: self.thread.to_slot(), "echecs": 0}
        if topic in COURTEOUS and not self.row:
            del slots["sujet"]  # «merci» changes no subject
        return Reply([self.text], slots, followup, names_itself=self.first)


def precise_or_whole(services: Services, turn: HandlerTurn, topic: str) -> TopicAnswer:
    """Return the very fact that was asked for, else the whole answer of the topic."""
    found = services.precisions.answer(turn.reading.question, topic, turn.on)
    whole = _thread(services, turn, topic)
    return _said(services, turn, found, topic) or TopicAnswer(
        services.answers.render(topic, turn.on), thread=whole
    )


def very_fact(
    services: Services, turn: HandlerTurn, topics: Iterable[str], question: Question | None = None
) -> TopicAnswer | None:
    """Return the very fact that a message names in words, under the first topic that knows it.

    Args:
        services: Of the action server.
        turn: The message.
        topics: Under which to look, the likeliest first.
        question: What is asked, where it is not only what the message says.
    """
    asked = question or turn.reading.question
    for topic in topics:
        found = services.precisions.answer(asked, topic, turn.on, in_words=True)
        if said := _said(services, turn, found, topic):
            return said
    return None


def said_first(services: Services, turn: HandlerTurn) -> TopicAnswer | None:
    """Return what is said whatever the topic and before any form: a misprint, another pass."""
    if not turn.said or turn.requested:
        return None
    found = services.precisions.first(turn.reading.question, turn.on)
    said = _said(services, turn, found, "hors_sujet")
    return replace(said, first=True) if said else None


def of_what_was_said(services: Services, turn: HandlerTurn) -> TopicAnswer | None:
    """Answer «et le minimum ?», «à quelle heure ?», «qui les finance ?» of what was just said."""
    folded = turn.reading.folded
    goes_on = bool(_GOES_ON.match(folded))
    polite = None if goes_on else _COURTESIES.match(folded)
    rest = folded[polite.end() :] if polite else folded
    if polite and " et " in f" {polite.group()}":
        goes_on, folded = True, rest  # «merci, et la date limite ?»
    thread, question = Thread.read(turn.slots), turn.reading.question
    few = 0 < len(rest.split()) <= FEW
    if names_a_call_alone(turn):
        goes_on = few = True
    name = services.precisions.name_of(thread.row)
    name = name if _STANDS_FOR.search(folded) else ""
    elsewhere = turn.tier == "answer" and not turn.topic.startswith(
        ("aap_", "lieu_", "plus_de_lieux")
    )
    asks = _ASKS_MORE.match(folded) or _ASKS_MORE.match(rest)  # «mince, il y en aura un autre ?»
    if not goes_on and not (few and (name or not elsewhere) and asks):
        return more_of_it(services, turn)
    if elsewhere and (own := very_fact(services, turn, (turn.topic,))):
        return own  # «et les conseillers numériques, combien en tout ?»
    subject = _subject(turn, thread)
    if few and thread.told:
        again = services.precisions.again(thread.told, question, turn.on)
        if said := _said(services, turn, again, thread.topic):
            return said
    call = call_spoken_of(services, turn)
    named_call = bool(question.years or question.ordinals or question.years_away is not None)
    if few and call and not named_call:
        question = replace(question, years=(call,))
    if (call or subject.startswith("aap_")) and (
        said := very_fact(services, turn, (subject, turn.topic), question)
    ):
        return said
    if few and goes_on and named_call and subject.startswith(("aap_", "programme_budget")):
        # «et l'an dernier ?» after the whole answer of a topic.
        found = services.precisions.answer(question, subject, turn.on)
        if said := _said(services, turn, found, subject):
            return said
    if few and name and subject:
        named = replace(question, folded=f"{folded} {name}")
        return very_fact(services, turn, (subject, *OF_THE_PROGRAMME), named)
    return more_of_it(services, turn)


def _subject(turn: HandlerTurn, thread: Thread) -> str:
    """Return the topic that a few words go on from."""
    subject = str(turn.slots.get("sujet") or "")
    if turn.form == AID_FORM and thread.topic in ("", COMPUTED):
        return "aap_financement"
    if turn.form == AID_FORM or not is_of_a_call(subject):
        return thread.topic or subject  # after an aside
    return subject


def more_of_it(services: Services, turn: HandlerTurn) -> TopicAnswer | None:
    """Answer a few words that leave out what was just told: «pour un achat total de ?».

    They must say something themselves: what the name alone would get was already said.
    """
    thread, folded = Thread.read(turn.slots), turn.reading.folded
    name = services.precisions.name_of(thread.row)
    few = 0 < len(folded.split()) <= FEW
    family = services.topics.of(turn.topic).family
    if turn.tier == "answer" and family == "conversation":
        return None  # «merci, bonne fin de journée»
    if not name or not few or turn.requested or turn.reading.quantities.amounts:
        return None
    topics = (str(turn.slots.get("sujet") or ""), *OF_THE_PROGRAMME)
    question = turn.reading.question
    already = very_fact(services, turn, topics, replace(question, folded=name))
    said = very_fact(services, turn, topics, replace(question, folded=f"{folded} {name}"))
    if said is None or (already is not None and said.row == already.row):
        return None
    return None if very_fact(services, turn, topics) else said


def _said(
    services: Services, turn: HandlerTurn, found: Precision | None, topic: str
) -> TopicAnswer | None:
    if found is None:
        return None
    known = topic if topic in services.answers else "aide"
    follow_ups = services.answers.follow_ups(known, turn.on)
    text = Text(found.text, found.sources, follow_ups)
    thread = _thread(services, turn, topic, found)
    return TopicAnswer(text, found.row, thread, found.quoted)


def _thread(
    services: Services, turn: HandlerTurn, topic: str, found: Precision | None = None
) -> Thread:
    row, call = (found.row, found.call) if found else ("", None)
    about = services.topics.of(topic)
    return Thread.read(turn.slots).said(about, row, call, sure=turn.tier == "answer")


def of_a_region(services: Services, turn: HandlerTurn) -> TopicAnswer | None:
    """Say what is known of a région where a national figure is asked of it."""
    area = turn.reading.area
    counts = bool(turn.reading.question.years) and "combien" in turn.reading.folded
    national = turn.topic in NATIONAL or (turn.tier == "named" and counts)
    if not national or area.status != "found" or not area.departements:
        return None
    region = services.gazetteer.departements[area.departements[0]].region
    simulator = services.simulator
    known = winners_at(simulator.facts, simulator.phrases, turn.on, region)
    sources = tuple(Source(source.label, source.url) for source in known.sources)
    follow_ups = services.answers.follow_ups("aap_laureats", turn.on)
    thread = _thread(services, turn, "aap_laureats")
    return TopicAnswer(Text("\n".join(known.sentences), sources, follow_ups), thread=thread)


def beside_courtesy(services: Services, turn: HandlerTurn) -> Reply | None:
    """Answer the question that comes with a thank-you, a greeting, or a bare yes or no."""
    folded = turn.reading.folded
    polite = _COURTESIES.match(f"{folded} ")
    asked = folded[polite.end() :] if polite else ""
    if _SMALL_TALK.search(asked):
        asked = fold(_SENTENCES.split(turn.said.strip())[-1])
    if _SMALL_TALK.search(asked):
        return None
    topics = services.topics
    likely = [one for one in turn.likely if topics.of(one).family not in ("conversation", "")]
    ours = bool(polite) and bool(OUR_PASS.search(asked))
    if "?" in turn.said and len(asked.split()) >= WORDS_OF_A_QUESTION:
        subject = str(turn.slots.get("sujet") or "")
        for topic in (*likely, *filter(None, [subject]), *WHERE_NAMES_ARE):
            if fact := very_fact(services, turn, (topic,)):
                return fact.reply(topic)
        if likely and turn.tier == "named" and (form := topics.of(likely[0]).form):
            return Reply(followup=form)
    elif not ours:
        return None
    written = [one for one in likely if topics.of(one).is_written]
    if not written or (turn.tier != "named" and not ours):
        return None
    said = precise_or_whole(services, turn, written[0])
    opening = services.answers.words(
        "clarifier.nomme", on=turn.on, question=services.answers.title(written[0])
    )
    named = replace(said.text, text=f"{opening}\n\n{said.text.text}")
    return replace(said, text=named).reply(written[0])


def of_a_call_alone(services: Services, turn: HandlerTurn) -> Reply | None:
    """Answer «et l'autre appel ?», whatever it was read as, of what was last said of a call."""
    if not names_a_call_alone(turn) or not Thread.read(turn.slots).topic:
        return None
    if what_changes(services, turn):
        return Reply(followup=AID_FORM)
    said = of_what_was_said(services, turn)
    return said.reply(turn.topic) if said else None


def of_their_side(services: Services, turn: HandlerTurn) -> Reply | None:
    """Answer of an aid or of one's own passes what was read as asked by who takes passes."""
    side = "collectivites" if turn.form == AID_FORM else Thread.read(turn.slots).side
    theirs, folded = _THEIR_SIDE.get(turn.intent, {}).get(side), turn.reading.folded
    if theirs is None or _TAKES_PASSES.search(folded) or not theirs[1].search(folded):
        return None
    fact = of_what_was_said(services, turn) or very_fact(services, turn, (theirs[0],))
    return fact.reply(theirs[0]) if fact else None


class Repondre(Handler):
    """Says the answer of the topic just asked."""

    action = "action_repondre"

    def answer(self, turn: HandlerTurn) -> Reply:
        if said := said_first(self.services, turn):
            return said.reply(turn.intent)
        if turn.intent in COURTEOUS and (asked := beside_courtesy(self.services, turn)):
            return asked
        if theirs := of_their_side(self.services, turn):
            return theirs
        if asks_about_another_applicant(self.services, turn):
            return Reply(followup="action_eligibilite")
        if asks_for_a_computation(self.services, turn) or what_changes(self.services, turn):
            return Reply(followup="simulation_form")
        if (turn.reading.question.years or _HOW_MANY.search(turn.reading.folded)) and (
            fact := of_what_was_said(self.services, turn)
            or very_fact(self.services, turn, (turn.intent,))
        ):
            return fact.reply(turn.intent)
        if turn.tier == "named" and (form := form_that_reads(self.services, turn)):
            return Reply(followup=form)
        if turn.slots.get("sujet") == "aap_simulation" and _SHEET.search(turn.reading.folded):
            return Reply(followup="action_fiche")
        topics = self.services.topics
        about_places = topics.of(turn.topic).leads_to == PLACES_FORM
        helps = about_places and asks_for_help_somewhere(self.services, turn)
        if helps or goes_on_about_places(self.services, turn):
            return Reply(followup="lieu_form")
        said = (
            of_what_was_said(self.services, turn)
            or of_a_region(self.services, turn)
            or precise_or_whole(self.services, turn, turn.intent)
        )
        return said.reply(turn.intent, topics.of(turn.second).form)


class Plus(Handler):
    """Says what «En savoir plus» adds."""

    action = "action_plus"

    def answer(self, turn: HandlerTurn) -> Reply:
        topic = str(turn.entities.get("sujet") or turn.slots.get("sujet") or "aide")
        if topic not in self.services.answers:
            topic = "aide"
        said = self.services.answers.render(topic, turn.on, "details")
        return Reply([said], {"sujet": topic, "echecs": 0})


class Reformuler(Handler):
    """Says the last answer again, in the simplest words; without one, shows the menu."""

    action = "action_reformuler"

    def answer(self, turn: HandlerTurn) -> Reply:
        if corrected := of_a_call_alone(self.services, turn):
            return corrected  # «pardon, je voulais dire 2020»
        topic = str(turn.slots.get("sujet") or "aide")
        if topic not in self.services.answers:
            topic = "aide"
        return Reply([self.services.answers.render(topic, turn.on, "simpler")], {"echecs": 0})
