"""What a simulation says, and what follows from it: the sheet, a reminder."""

from __future__ import annotations

from datetime import timedelta

from actions.french import euros, french_date
from actions.handlers.base import Handler
from actions.handlers.simulation.premise import premise
from actions.handlers.thread import COMPUTED, SLOT, Thread
from actions.handlers.turn import HandlerTurn, Reply
from actions.messages import Button, Message, Reminder, Sheet, Simulation, Source, Text
from actions.programme.project import Project
from actions.programme.result import Result

REMINDER_DAYS = 7
"""Days before a deadline at which the person is reminded, or tomorrow when it is nearer."""


class Simuler(Handler):
    """Says the aid, its conditions and its sources, once the project is known."""

    action = "action_simuler"
    names_its_question = False

    def answer(self, turn: HandlerTurn) -> Reply:
        project = Project.read(turn.slots.get("simulation"))
        heard = bool(project.said) and project.said[-1][0] == turn.said
        # What the form has just heard is of the project: «et sans la moitié ?» confirms nothing.
        if not heard and (confirmed := premise(self.services, turn)):
            return confirmed.reply("aap_financement")
        simulator = self.services.simulator
        result = simulator.simulate(project.request(simulator), turn.on)
        said = simulation_message(self, turn, result)
        thread = Thread.read(turn.slots).computed()
        return Reply([said], {"sujet": COMPUTED, SLOT: thread.to_slot(), "echecs": 0})


def simulation_message(handler: Handler, turn: HandlerTurn, result: Result) -> Simulation:
    """Word a result, with where to go next."""
    words = handler.services.answers.words

    def button(key: str, payload: str) -> Button:
        return Button(words(f"simulation.bouton_{key}", on=turn.on), payload)

    buttons = []
    if result.max_aid_eur is not None:
        buttons.append(button("fiche", "/recevoir_fiche"))
    applicant = handler.services.simulator.judge_applicant(result.request, turn.on)
    if applicant.eligible != "non":
        buttons.append(button("autre_somme", '/aap_simulation{"sujet": "montant"}'))
    if result.state.open:
        buttons.append(button("rappel", "/rappeler_echeance"))
    buttons.append(Button(words("dialogue.parler", on=turn.on), "/parler_humain"))
    return Simulation(
        _headline(handler, turn, result),
        eligible=result.eligible,
        max_aid_eur=result.max_aid_eur,
        lines=result.lines,
        reasons=(*result.reasons, *filter(None, [result.with_another])),
        sources=sources_of(result),
        buttons=tuple(buttons),
    )


def sources_of(result: Result) -> tuple[Source, ...]:
    """Return the sources of a result, as messages carry them."""
    return tuple(Source(source.label, source.url) for source in result.sources)


def _headline(handler: Handler, turn: HandlerTurn, result: Result) -> str:
    say, on, is_open = handler.services.answers.words, turn.on, result.state.open
    if result.state.call is None:
        return say("simulation.pas_de_regle", on=on)
    if result.eligible == "non":
        return say("simulation.non", on=on)
    budget = result.request.budget
    if result.request.problem == "aid_only" and (told := _for_an_aid(handler, turn, result)):
        return told
    if result.max_aid_eur is None or budget is None:
        return say("simulation.a_preciser", on=on)
    values = {
        "ouvert": is_open,
        "aide": euros(result.max_aid_eur),
        "achat": euros(budget.low),
    }
    if result.eligible != "oui":
        text = say("simulation.sous_conditions", on=on, **values)
    elif result.other_readings:
        other = euros(result.other_readings[0].max_aid_eur)
        text = say("simulation.oui_deux_lectures", on=on, autre=other, **values)
    else:
        text = say("simulation.oui", on=on, **values)
    return f"{text} {say('simulation.ne_decide_rien', on=on)}"


def _for_an_aid(handler: Handler, turn: HandlerTurn, result: Result) -> str:
    """Say what to buy for an aid that was told, or that no purchase gives it."""
    say, is_open, aid = handler.services.answers.words, result.state.open, result.request.told[0]
    ceilings = [euros(ceiling) for ceiling in result.ceilings_below]
    if result.least_purchase is not None:
        return say(
            "simulation.achat_pour_aide",
            on=turn.on,
            ouvert=is_open,
            aide=euros(aid),
            achat=euros(result.least_purchase),
            plafond=ceilings[0] if ceilings else "",
        )
    if not ceilings:
        return ""
    return say(
        "simulation.aide_trop_haute",
        on=turn.on,
        ouvert=is_open,
        aide=euros(aid),
        plafond=ceilings[0],
        autre=ceilings[1] if len(ceilings) > 1 else "",
    )


class Fiche(Handler):
    """Sends the sheet of the last simulation; it is computed again when it is delivered."""

    action = "action_fiche"

    def answer(self, turn: HandlerTurn) -> Reply:
        project = Project.read(turn.slots.get("simulation"))
        say = self.services.answers.words
        if not project.said:
            start = Button(self.services.answers.title("aap_simulation"), "/aap_simulation")
            text = say("simulation.fiche_impossible", on=turn.on)
            return Reply([Text(text, buttons=(start,))])
        text = say("simulation.fiche", on=turn.on)
        return Reply([Sheet(text, request=project.dumps(), on=turn.on.isoformat())])


class Rappel(Handler):
    """Takes or drops the wish to be reminded of the deadline of the open call."""

    action = "action_rappel"

    def answer(self, turn: HandlerTurn) -> Reply:
        say = self.services.answers.words
        state = self.services.simulator.state(turn.on)
        subject = self.services.answers.title("aap_date_limite")
        said: Message
        if turn.entities.get("annule"):
            said = Reminder(say("simulation.rappel_annule", on=turn.on), subject=subject)
        elif not state.open or state.deadline is None or state.days_left < 1:
            follow = self.services.answers.follow_ups("aap_date_limite", turn.on)
            said = Text(say("simulation.rappel_inutile", on=turn.on), buttons=follow)
        else:
            day = max(state.deadline - timedelta(days=REMINDER_DAYS), turn.on + timedelta(days=1))
            cancel = Button(
                say("dialogue.annuler", on=turn.on), '/rappeler_echeance{"annule": "oui"}'
            )
            text = say("simulation.rappel_note", on=turn.on, date=french_date(day))
            said = Reminder(text, subject=subject, on=day.isoformat(), buttons=(cancel,))
        return Reply([said])
