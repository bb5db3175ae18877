"""The form of the simulation: one question at a time, never one whose answer is known."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from actions.answers.topics import AID_FORM, Topic
from actions.french import euros, french_date, percent
from actions.handlers.base import FAILURES_BEFORE_HUMAN, Handler
from actions.handlers.repondre import (
    of_what_was_said,
    precise_or_whole,
)
from actions.handlers.simulation.premise import premise
from actions.handlers.thread import SLOT, Thread
from actions.handlers.turn import HandlerTurn, Reply
from actions.handlers.values import (
    asks_a_rule,
    goes_on_from_a_fact,
    in_figures,
    tells_a_share,
    what_changes,
)
from actions.messages import Button, Choices, Handoff, Message
from actions.programme.project import Project
from actions.programme.request import Request
from actions.programme.result import Result
from actions.programme.rules import GRID, floor_euros
from actions.reading.fold import fold

QUESTIONS = {"demandeur": "applicant", "montant": "budget", "publics": "pic"}
"""Question of the form, and what it asks of the core."""
CRITERIA = "criteres_2019"
COMPUTE = "calculer"
"""Value of the entity ``sujet`` by which a button ends the questions on the grid of 2019."""
CHANGES = frozenset({"montant", "publics"})
"""Values of the entity ``sujet`` by which a button asks a question again."""
STORY = 10
"""Words from which a message surely about something else is a story, not an answer to the form."""

_ASKS = re.compile(
    r"\b(?:combien|quoi|comment|pourquoi|quand|qui|quel\w*|est ce que|c est|peut on|jusqu)\b"
)
_CORRECTS = re.compile(
    r"\b(?:trompee?s?|en fait|plutot|pardon|rectifi\w+|correction|erreur|je voulais dire)\b"
)
_BARE_NUMBER = re.compile(
    r"(?:(?:non|nan|pardon|en fait|plutot|c est|et|pour|si|avec|mais|on s est trompee?s?) )*"
    r"(\d+(?: \d{3})*)$"
)
_UNKNOWN = re.compile(r"\b(?:sais? pas|aucune idee|ignore|pas encore|plus tard|jsp|passe[rz]?)\b")


class ValidateSimulationForm(Handler):
    """Reads what the message says of the project; decides what is asked next."""

    action = "validate_simulation_form"

    def answer(self, turn: HandlerTurn) -> Reply:
        project = Project.read(turn.slots.get("simulation"))
        if turn.resumes:
            return Reply(slots={"requested_slot": self._next(project, turn)})
        if turn.intent == "urgence":
            return Reply(slots={"requested_slot": turn.requested})
        if premise(self.services, turn):
            return Reply(slots={"requested_slot": None})
        heard = self._hear(project, turn)
        if heard == project and turn.requested:
            # Nothing for the form in this message: another rule answers it.
            return Reply(slots={"requested_slot": turn.requested})
        asked = turn.entities.get("sujet")
        question = str(asked) if asked in CHANGES else self._next(heard, turn)
        thread = Thread.read(turn.slots).computed().to_slot()
        slots = {"simulation": heard.to_slot(), SLOT: thread, "requested_slot": question}
        return Reply(slots=slots)

    def _hear(self, project: Project, turn: HandlerTurn) -> Project:
        if turn.entities.get("sujet") == COMPUTE:
            return project.skipping(CRITERIA)
        if not turn.requested and (change := what_changes(self.services, turn)):
            return project.saying(in_figures(self.services, turn), change[1])
        asked = QUESTIONS.get(turn.requested, "")
        text = self._in_context(turn, project)
        if turn.requested and goes_on_from_a_fact(turn):
            return project
        if turn.requested and asked and _UNKNOWN.search(fold(text)):
            return project.skipping(asked) if asked == "pic" else project
        said = self.services.simulator.read_request(text, expecting=asked)
        if not _tells(said) and asked != "pic" and tells_a_share(text):
            # «oui, 55 %» tells the publics, whatever was asked.
            asked = "pic"
            said = self.services.simulator.read_request(text, expecting=asked)
        only_a_call = said == replace(Request(text, problem="missing"), call=said.call)
        if (
            not _tells(said)
            or (turn.requested and only_a_call and asks_a_rule(turn))
            or (turn.requested and _is_another_question(self.services.topics.of(turn.topic), turn))
        ):
            # A new simulation starts empty; a message without matter adds nothing.
            return project if turn.requested else Project()
        return project.saying(text, asked)

    def _in_context(self, turn: HandlerTurn, project: Project) -> str:
        """Word a bare yes or no as the answer that it is: «non, 2 500» corrects a number."""
        bare = not (turn.reading.quantities.amounts or turn.reading.question.numbers)
        if turn.requested == "publics" and turn.intent in ("affirmer", "nier") and bare:
            half = "plus" if turn.intent == "affirmer" else "moins"
            key = f"simulation.bouton_{half}_de_la_moitie"
            return self.services.answers.words(key, on=turn.on)
        bare_number = _BARE_NUMBER.match(turn.reading.folded)
        if bare_number and project.request(self.services.simulator).passes:
            # «non, 2 500» after «25 000 pass» counts passes.
            return f"{bare_number[1]} pass"
        return in_figures(self.services, turn)

    def _next(self, project: Project, turn: HandlerTurn) -> str | None:
        request = project.request(self.services.simulator)
        return next_question(self.services.simulator.simulate(request, turn.on), project)


def next_question(result: Result, project: Project) -> str | None:
    """Return the question to ask next, or ``None`` when the result can be said.

    Not eligible is said at once. An amount that was given but cannot be used is told with
    its reason rather than asked again.
    """
    if result.eligible == "non" or result.state.call is None:
        return None
    if result.request.problem not in ("", "missing"):
        return None
    for question, name in QUESTIONS.items():
        if name in result.missing and name not in project.skipped:
            return question if name != "pic" or result.request.pic is None else None
    grid = set(result.missing) - set(QUESTIONS.values())
    return CRITERIA if grid and CRITERIA not in project.skipped else None


def _tells(request: Request) -> bool:
    return bool(
        request.applicant
        or request.pic
        or request.grid
        or request.call
        or request.problem != "missing"
    )


def _is_another_question(topic: Topic, turn: HandlerTurn) -> bool:
    said = fold(turn.text)
    if turn.tier != "answer" or topic.stays_in == AID_FORM or _CORRECTS.search(said):
        return False
    return "?" in turn.text or bool(_ASKS.search(said)) or len(said.split()) >= STORY


def _is_a_doubtful_question(topic: Topic, turn: HandlerTurn) -> bool:
    """Whether a message asks something, though its reading is not sure: better told than lost."""
    asks = "?" in turn.text or bool(_ASKS.search(fold(turn.text)))
    return turn.tier in ("named", "clarify") and topic.stays_in != AID_FORM and asks


class _Ask(Handler):
    """A question of the form, after what must be known first."""

    question: str
    names_its_question = False

    def answer(self, turn: HandlerTurn) -> Reply:
        say = self.services.answers.words
        text = say(f"simulation.demander_{self.question}", on=turn.on)
        project = Project.read(turn.slots.get("simulation"))
        number = self._number(turn, project)
        if turn.starts and not self.services.simulator.state(turn.on).open:
            number = f"{number}\n\n{self._closed(turn, project)}".strip()
        text = "\n\n".join(part for part in (number, text) if part)
        if turn.resumes and not project.misses:
            text = f"{say('simulation.reprise', on=turn.on)}\n\n{text}"
        message: Message = Choices(text, self._buttons(turn))
        return Reply([message])

    def _closed(self, turn: HandlerTurn, project: Project) -> str:
        """Say that the call which is computed is over."""
        simulator, words = self.services.simulator, self.services.answers.words
        call = project.request(simulator).call
        state = simulator.state(turn.on, call)
        if call is None or call == simulator.state(turn.on).call or state.deadline is None:
            return words("simulation.appel_clos", on=turn.on)
        day = french_date(state.deadline)
        return words("simulation.autre_appel_clos", on=turn.on, appel=str(call), limite=day)

    def _number(self, turn: HandlerTurn, project: Project) -> str:
        """Say the aid at once, on its conditions, where there is a purchase to compute."""
        result = self.services.simulator.simulate(project.request(self.services.simulator), turn.on)
        budget = result.request.budget
        if budget is None or not budget.exact:
            return ""
        words = self.services.answers.words
        values = {"achat": euros(budget.low), "ouvert": result.state.open}
        if result.aid_range is not None:
            low, high = map(euros, result.aid_range)
            held = [
                floor_euros(budget.low * share) > aid
                for share, aid in zip(result.share_range or (), result.aid_range, strict=True)
            ]
            shares = [
                "" if over else percent(share)
                for over, share in zip(held, result.share_range or (), strict=True)
            ]
            return words(
                "simulation.fourchette",
                on=turn.on,
                bas=low,
                haut=high,
                part_min=shares[0],
                part_max=shares[1],
                **values,
            )
        if result.max_aid_eur is None:
            return ""
        other = euros(result.other_readings[0].max_aid_eur) if result.other_readings else ""
        share = result.share if result.share is not None else Decimal(0)
        capped = floor_euros(budget.low * share) > result.max_aid_eur
        return words(
            "simulation.nombre",
            on=turn.on,
            aide=euros(result.max_aid_eur),
            autre=other,
            part="" if capped else percent(share),
            porteur="applicant" in result.missing,
            publics="pic" in result.missing,
            **values,
        )

    def _buttons(self, turn: HandlerTurn) -> tuple[Button, ...]:
        return (self._button(turn, "annuler", "/annuler"),)

    def _button(self, turn: HandlerTurn, key: str, payload: str) -> Button:
        return Button(self.services.answers.words(f"dialogue.{key}", on=turn.on), payload)

    def _says(self, turn: HandlerTurn, key: str) -> Button:
        """Return a button that says its own title."""
        title = self.services.answers.words(f"simulation.{key}", on=turn.on).strip()
        return Button(title, title)


class AskDemandeur(_Ask):
    """Who applies?"""

    action = "action_ask_simulation_form_demandeur"
    question = "demandeur"

    def _buttons(self, turn: HandlerTurn) -> tuple[Button, ...]:
        kinds = ("commune", "intercommunalite", "departement", "syndicat", "association")
        return (*(self._says(turn, f"demandeur_{kind}") for kind in kinds), *super()._buttons(turn))


class AskMontant(_Ask):
    """For how much?"""

    action = "action_ask_simulation_form_montant"
    question = "montant"


class AskPublics(_Ask):
    """Which part of PIC publics?"""

    action = "action_ask_simulation_form_publics"
    question = "publics"

    def _buttons(self, turn: HandlerTurn) -> tuple[Button, ...]:
        return (
            self._says(turn, "bouton_plus_de_la_moitie"),
            self._says(turn, "bouton_moins_de_la_moitie"),
            self._button(turn, "je_ne_sais_pas", "je ne sais pas"),
            *super()._buttons(turn),
        )


class AskCriteres(_Ask):
    """Which components of the grid of 2019?"""

    action = "action_ask_simulation_form_criteres_2019"
    question = CRITERIA

    def _buttons(self, turn: HandlerTurn) -> tuple[Button, ...]:
        project = Project.read(turn.slots.get("simulation"))
        known = project.request(self.services.simulator).grid
        compute = self.services.answers.words("simulation.calculer", on=turn.on)
        return (
            *(self._says(turn, f"critere_{name}") for name in GRID if name not in known),
            Button(compute.strip(), f'/aap_simulation{{"sujet": "{COMPUTE}"}}'),
            *super()._buttons(turn),
        )


class RelancerSimulation(Handler):
    """The answer was not understood: says how to answer, then offers a person.

    The form asks again after it.
    """

    action = "action_relancer_simulation"
    names_its_question = False

    def answer(self, turn: HandlerTurn) -> Reply:
        say = self.services.answers.words
        if more := of_what_was_said(self.services, turn):
            return Reply([more.text], {SLOT: more.thread.to_slot()})
        topic = self.services.topics.of(turn.topic)
        if _is_a_doubtful_question(topic, turn) and turn.topic in self.services.answers:
            told = precise_or_whole(self.services, turn, turn.topic)
            return Reply([told.text], {SLOT: told.thread.to_slot()})
        project = Project.read(turn.slots.get("simulation"))
        project = replace(project, misses=project.misses + 1)
        slots = {"simulation": project.to_slot()}
        if project.misses >= FAILURES_BEFORE_HUMAN:
            text = say("clarifier.deux_echecs", on=turn.on)
            return Reply([Handoff(text, reason="incompris", topic="aap_simulation")], slots)
        key = turn.requested if turn.requested in QUESTIONS else "montant"
        return Reply([Choices(say(f"simulation.{key}_illisible", on=turn.on))], slots)
