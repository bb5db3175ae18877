"""What a message plainly holds says what it asks for: values are parsed, not guessed."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from actions.answers.topics import AID_FORM, PLACES_FORM
from actions.bootstrap import Services
from actions.handlers.context import names_a_call_alone
from actions.handlers.lieux.search import Search
from actions.handlers.thread import COMPUTED as A_COMPUTATION
from actions.handlers.thread import Thread
from actions.handlers.turn import HandlerTurn
from actions.places.filters import read_filters
from actions.programme.project import Project
from actions.programme.request import Request
from actions.reading.fold import fold, strip_accents
from actions.reading.territory.place_vocabulary import BARE_WORDS

LIKELY = 2
"""Readings of a doubtful message that a parsed value may confirm."""
NEEDS_AMONG = 3
"""Readings of a doubtful message among which a need that was plainly told is believed."""
WORDS_OF_A_PLACE = 4
"""A message of so few words that names a place says nothing else."""
AKIN = 70.0
"""Likeness, out of 100, of a word and of the name that it was read as."""
WORDS_THAT_NARROW = 7
"""A longer message speaks for itself."""
WORDS_OF_A_CHANGE = 12
"""A longer message after a computation speaks for itself."""
_OF_THE_PASS = re.compile(
    r"\b(?:pass|passes|aptic|cheques?|carnets?|chequiers?|labell?\w*|appel|aap)\b"
)
_GOES_ON = re.compile(r"(?:et|mais|ou|sinon|alors) ")
_TIMES = (
    (re.compile(r"\b(?:le double|deux fois (?:plus|ca|cette somme|ce montant|autant))\b"), 2),
    (re.compile(r"\b(?:le triple|trois fois (?:plus|ca|cette somme|ce montant|autant))\b"), 3),
)
_RETURNS = re.compile(
    r"(?:(?:ok|bon|merci|d accord|alors|donc|super|parfait|oui) )*(?:et|mais|si|pour|avec) "
)
"""How a few words come back to a computation after an aside (folded)."""
_FOR_A_SUM = re.compile(r"\b(?:pour|avec|si c est|plutot|et|mais) \d")
_NO_NOUN = frozenset(("tout", "tous", "juste", "seulement"))
"""What may follow a sum and is not counted by it: «et pour 18 000, tout petit»."""
SMALLEST_SUM = 1000
"""A smaller bare number counts something else than euros."""
_SHARE = re.compile(r"\b(?:moitie|part|pour cent|pourcent)\b|%")
_ANOTHER_QUESTION = re.compile(
    r"\b(?:quand|ou|qui|comment|pourquoi|jusqu|date|deadline|lieux?|laureats?|c est quoi|"
    r"qu est ce|pass (?:valable|perime)|mon pass|mes pass)\b"
)


def tells_a_share(text: str) -> bool:
    """Say whether a text holds a part of a whole, in words or in figures."""
    return bool(_SHARE.search(strip_accents(text)))


def in_figures(services: Services, turn: HandlerTurn) -> str:
    """Return what a message says, «le double» of the purchase just told written in euros."""
    bare = _bare_sum(turn)
    times = next((n for said, n in _TIMES if said.search(turn.reading.folded)), 0)
    project = Project.read(turn.slots.get("simulation"))
    if bare and project.request(services.simulator).problem != "missing":
        return f"{bare} €"
    budget = project.request(services.simulator).budget if times else None
    if budget is None or not budget.exact:
        question = turn.reading.question
        named = question.years if question.back and names_a_call_alone(turn) else ()
        return f"{turn.said} ({named[0]})" if named else turn.said  # «et l'autre année ?»
    return f"{int(budget.low * times)} €"


def _bare_sum(turn: HandlerTurn) -> int:
    """Return the sum of «bon, et pour 18 000 tout petit», which nothing else counts; else 0."""
    counted = turn.reading.quantities
    numbers = turn.reading.question.numbers
    nouns = [count for count in counted.counts if count.noun not in _NO_NOUN]
    if len(numbers) != 1 or counted.amounts or counted.lots or nouns or counted.shares:
        return 0
    if not _FOR_A_SUM.search(turn.reading.folded) or numbers[0] < SMALLEST_SUM:
        return 0
    return int(numbers[0])


def what_changes(services: Services, turn: HandlerTurn) -> tuple[Request, str] | None:
    """Return what a message changes of the computation just said, or nothing.

    «et pour 30 000 ?», «et sans la moitié ?», «et en 2019 ?» go on from it.

    Returns:
        What the message says, and what it was read as the answer to (``pic`` or nothing).
    """
    folded = turn.reading.folded
    thread = Thread.read(turn.slots)
    subject = A_COMPUTATION if turn.form == AID_FORM else turn.slots.get("sujet")
    topic = services.topics.of(subject)
    if AID_FORM not in (topic.form, topic.leads_to) and _RETURNS.match(folded):
        subject = thread.topic  # after an aside
        topic = services.topics.of(subject)
    if turn.form not in ("", AID_FORM) or AID_FORM not in (topic.form, topic.leads_to):
        return None
    project = Project.read(turn.slots.get("simulation"))
    computed = subject == A_COMPUTATION and project.said
    if not folded or not (computed or project.request(services.simulator).budget):
        return None
    if len(folded.split()) > WORDS_OF_A_CHANGE or _ANOTHER_QUESTION.search(folded):
        return None
    asked = "pic" if tells_a_share(turn.said) else ""
    said = services.simulator.read_request(in_figures(services, turn), expecting=asked)
    tells = said.budget or said.pic or said.grid or said.applicant
    # «et en 2019 ?» is of the last fact told, where there is one since the computation.
    if not tells and (asks_a_rule(turn) or goes_on_from_a_fact(turn)):
        return None
    return (said, asked) if tells or said.call else None


def asks_a_rule(turn: HandlerTurn) -> bool:
    """Say whether a message asks a rule of a call: «et le plafond en 2019 ?» changes no project."""
    return bool(_A_RULE.search(turn.reading.folded))


def goes_on_from_a_fact(turn: HandlerTurn) -> bool:
    """Say whether «et en 2019 ?» is of a fact told since the computation, if there was one."""
    topic = Thread.read(turn.slots).topic
    return topic not in ("", A_COMPUTATION) and names_a_call_alone(turn)


def asks_about_another_applicant(services: Services, turn: HandlerTurn) -> bool:
    """Say whether a few words ask whether someone else may apply: «et avec l'interco ?»."""
    few = 0 < len(turn.reading.folded.split()) <= WORDS_THAT_NARROW
    if turn.slots.get("sujet") != "aap_eligibilite" or not few or turn.form:
        return False
    if not _GOES_ON.match(turn.reading.folded) or turn.reading.quantities.amounts:
        return False
    return services.simulator.read_request(turn.said).applicant is not None


def goes_on_about_places(services: Services, turn: HandlerTurn) -> bool:
    """Say whether a few words narrow the places just shown: «et pour imprimer ?», «gratuit ?»."""
    topics = services.topics
    before, now = topics.of(turn.slots.get("sujet")), topics.of(turn.topic)
    if before.family != "lieux" or now.leads_to != PLACES_FORM or turn.form:
        return False
    if not Search.read(turn.slots.get("recherche")).where:
        return False
    few = 0 < len(turn.reading.folded.split()) <= WORDS_THAT_NARROW
    return few and bool(read_filters(turn.said, turn.now) or services.needs.wanted(turn.said))


def form_that_reads(services: Services, turn: HandlerTurn) -> str:
    """Return the form whose matter a doubtful message plainly holds, or empty.

    A place name alone asks for places; an amount, where a computation is a likely reading,
    asks for the computation: values are parsed, not guessed.
    """
    if what_changes(services, turn):
        return "simulation_form"
    likely = turn.ranking[:LIKELY]
    if turn.reading.names_a_place:
        alone = len(turn.reading.folded.split()) <= WORDS_OF_A_PLACE
        if alone or "trouver_lieu" in likely or "besoin_aide" in likely:
            return "lieu_form"
    of_the_pass = _OF_THE_PASS.search(turn.reading.folded)
    if may_be_a_need(services, turn) and not of_the_pass and services.needs.is_clear(turn.said):
        return PLACES_FORM
    if "aap_simulation" in likely:
        request = services.simulator.read_request(turn.said)
        tells = request.budget is not None, request.applicant is not None
        if all(tells) or (any(tells) and likely[0] == "aap_simulation"):
            return "simulation_form"
    return ""


def may_be_a_need(services: Services, turn: HandlerTurn) -> bool:
    """Say whether a need that was parsed may be what a doubtful message asks."""
    readings = turn.ranking[:NEEDS_AMONG]
    return any(services.topics.of(one).form == PLACES_FORM for one in readings)


def asks_where(turn: HandlerTurn) -> bool:
    """Say whether a few words ask where, after something of the pass: «et je vais où ?»."""
    of_the_pass = str(turn.slots.get("sujet") or "").startswith(("pass_", "programme_"))
    few = 0 < len(turn.reading.folded.split()) <= WORDS_THAT_NARROW
    return of_the_pass and few and not turn.form and bool(_WHERE.search(turn.reading.folded))


def says_only_where(turn: HandlerTurn) -> bool:
    """Say whether a message names a place and nothing else: «a metz», «je suis vers Albi»."""
    area = turn.reading.area
    if not turn.reading.names_a_place:
        return False
    labels = [area.label] if area.status == "found" else [one.label for one in area.candidates]
    named = {word for label in labels for word in fold(label).split()}
    said = [word for word in turn.reading.folded.split() if word not in BARE_WORDS]
    return all(
        word.isdigit() or any(fuzz.ratio(word, one) >= AKIN for one in named) for word in said
    )


def asks_for_a_computation(services: Services, turn: HandlerTurn) -> bool:
    """Say whether a question about aids tells a purchase and who buys: its number comes first."""
    about_an_aid = services.topics.of(turn.topic).leads_to == AID_FORM
    if turn.said and not turn.form and tells_what_to_compute(services, turn):
        return True
    if not about_an_aid or not turn.said or turn.form:
        return False
    bought = any(amount.role == "purchase" for amount in turn.reading.quantities.amounts)
    # «EPCI, 80 000 euros, moitié de publics PIC» asks nothing: it tells a project.
    bought = bought or bool(turn.reading.quantities.lots) or "?" not in turn.said
    if not bought:
        return False
    request = services.simulator.read_request(turn.said)
    return request.budget is not None and request.applicant is not None


_HOW_MUCH = re.compile(
    r"\b(?:combien|aide|subvention|fourchette|calcul\w*|simul\w*|recevable|assez|suffi\w*|"
    r"ca (?:fait|faisait|ferait|donne|donnerait|passe|passait)|regles?)\b"
)
_OF_THE_STATE = re.compile(r"\b(?:enveloppe|plafonds?|minimum|seuil|taux|l etat a (?:mis|prevu))\b")
_A_RULE = re.compile(
    r"\b(?:enveloppe|plafonds?|plafonnee?|minimum|seuil|taux|(?:quel|quelle|le|la) (?:plafond|"
    r"pourcentage|part)|documents?|pieces?|laureats?|paiement|paye\w*|verse\w*)\b"
)
"""What a message asks of a call, where it tells no purchase (folded)."""
COMPUTED = ("aap_", "programme_budget")
"""Beginnings of the topics under which a purchase may be computed."""


def tells_what_to_compute(services: Services, turn: HandlerTurn) -> bool:
    """Say whether a question plainly holds a purchase and its conditions, whoever buys.

    «2 000 chèques de 5 € en 2020, c'était assez ?», «avec les règles de 2019, budget 50 000 ?»
    """
    question, quantities = turn.reading.question, turn.reading.quantities
    if question.sure or question.several or not turn.topic.startswith(COMPUTED):
        return False
    if not _HOW_MUCH.search(question.folded) or _OF_THE_STATE.search(question.folded):
        return False
    request = services.simulator.read_request(turn.said)
    if request.budget is None:
        return False
    if quantities.lots or any(amount.role == "purchase" for amount in quantities.amounts):
        return True
    return bool(request.grid or (request.call and "regle" in question.folded))


_WHERE = re.compile(r"^(?:et |ok |alors |mais |donc |bon )*(?:c est |je )?ou\b|\bou (?:ca|aller)\b")
_A_PLACE = re.compile(r"\b(?:lieux?|endroits?|ateliers?|mediateur\w*|accompagn\w+)\b")
FREE_HELP = re.compile(
    r"\b(?:conseillere?s? numeriques?|france services?|mediatheques?|bibliotheques?|"
    r"(?:m|nous|l|les|me faire|se faire|etre) aide[rs]?|de l aide|une aide|un coup de main)\b"
)
"""Help that is asked for without a pass (folded)."""


_SPENDS = re.compile(
    r"\b(?:utilis|depens|consomm|servir|ecoul)\w*\b.{0,20}\b(?:pass|cheques?|carnet)\b"
)
_HOW = re.compile(r"\b(?:comment|combien|pourquoi|quand)\b")


def tells_a_project(services: Services, turn: HandlerTurn) -> bool:
    """Say whether a few words hold a purchase and who buys: «pour 8 M€, région»."""
    folded = turn.reading.folded
    few = 0 < len(folded.split()) <= WORDS_THAT_NARROW
    if turn.form or not turn.reading.quantities.amounts:
        return False
    request = services.simulator.read_request(turn.said)
    # «la mairie toute seule, 40 000 € en 2020, combien ?»
    asked = request.call is not None and bool(_HOW_MUCH.search(folded))
    told = request.budget is not None and request.applicant is not None
    return told and (few or asked)


def asks_for_help_somewhere(services: Services, turn: HandlerTurn) -> bool:
    """Say whether a message names both a town and a help that its places give.

    «aide pour mes démarches à Guéret» is plain to the parsers, whatever its reading.
    """
    if not turn.reading.names_a_place:
        return False
    folded = turn.reading.folded
    if turn.topic == "pass_utiliser" and _SPENDS.search(folded) and not _HOW.search(folded):
        return True
    wished = _A_PLACE.search(folded) and read_filters(turn.said, turn.now)
    return bool(FREE_HELP.search(folded) or wished or services.needs.understand(turn.said))
