"""The actions that Rasa calls: read a turn, ask a core, say a meaning."""

from __future__ import annotations

from actions.bootstrap import Services
from actions.handlers.base import Handler
from actions.handlers.doute import Annuler, Clarifier, Incompris, OuiNon
from actions.handlers.humain import Humain, Urgence
from actions.handlers.lieux.detail import DetailLieu
from actions.handlers.lieux.liste import Carte, Lieux, LieuxSuivants
from actions.handlers.lieux.zone import AskZone, RelancerZone, ValidateLieuForm
from actions.handlers.repondre import Plus, Reformuler, Repondre
from actions.handlers.simulation.eligibilite import Eligibilite, Laureats
from actions.handlers.simulation.form import (
    AskCriteres,
    AskDemandeur,
    AskMontant,
    AskPublics,
    RelancerSimulation,
    ValidateSimulationForm,
)
from actions.handlers.simulation.result_message import Fiche, Rappel, Simuler

HANDLERS: tuple[type[Handler], ...] = (
    Repondre,
    Plus,
    Reformuler,
    Clarifier,
    Incompris,
    OuiNon,
    Annuler,
    Humain,
    Urgence,
    ValidateLieuForm,
    AskZone,
    RelancerZone,
    Lieux,
    LieuxSuivants,
    Carte,
    DetailLieu,
    ValidateSimulationForm,
    AskDemandeur,
    AskMontant,
    AskPublics,
    AskCriteres,
    RelancerSimulation,
    Simuler,
    Fiche,
    Rappel,
    Eligibilite,
    Laureats,
)


def all_actions(services: Services) -> list[Handler]:
    """Return every action of the domain, ready to be registered."""
    return [handler(services) for handler in HANDLERS]
