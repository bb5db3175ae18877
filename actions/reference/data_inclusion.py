"""data·inclusion, version 1: structures, and the services that they offer, row by row.

A structure's row becomes one of the national schema; a service's row says what its structure
offers, and joins it in ``actions.places.attaching``.

The vocabularies are written here rather than taken from ``data-inclusion-schema`` (PyPI,
1.0.10, maintained): it brings pydantic, pendulum and an e-mail validator, refuses a whole row
for one bad value, and we need twenty of its words.
"""

from __future__ import annotations

import re

from actions.reading.fold import fold
from actions.reference.readers import DirectoryRow

_THEME = "numerique"
"""Digital inclusion, among the themes; its parts are «numerique--…»."""
_THEMES = {
    "acceder-a-des-services-en-ligne": ("demarches",),
    "acceder-a-une-connexion-internet": ("internet",),
    "acquerir-un-equipement": ("equipement",),
    "maitriser-les-fondamentaux-du-numerique": ("ordinateur", "smartphone", "quotidien"),
}
"""Themes of version 1 → ids of ``data/places/services.yaml``."""
_NETWORKS = {
    "france-service": "France Services",
    "conseillers-numeriques": "Conseillers numériques",
    "aidants-connect": "Aidants Connect",
    "croix-rouge": "La Croix Rouge",
    "grandes-ecoles-du-numerique": "Grande école du numérique",
}
"""Networks → the national schema's names of them."""
_DIGITAL_NETWORKS = frozenset(
    {"france-service", "conseillers-numeriques", "aidants-connect", "espaces-publics-numeriques"}
)
_DIGITAL_SOURCE = "mediation-numerique"
"""data·inclusion's name of the national map of digital help."""
_DIGITAL_NAME = re.compile(
    r"\b(?:numeriques?|informatiques?|cyber\w*|epn|fab ?labs?|multimedia|internet|tiers lieu)\b"
)
_PRICES = {
    "gratuit": "Gratuit",
    "payant": "Payant",
    "gratuit-sous-conditions": "Gratuit sous condition",
    "adhesion": "Adhésion",
}
"""The last two are of version 0."""
_ACCESS = {
    "se-presenter": "Se présenter",
    "telephoner": "Téléphoner",
    "envoyer-un-courriel": "Contacter par mail",
    "utiliser-lien-mobilisation": "Prendre un RDV en ligne",
}
_PRESCRIBED = "Envoyer un mail avec une fiche de prescription"
_PUBLICS = {
    "actifs": "Actifs",
    "beneficiaires-des-minimas-sociaux": "Bénéficiaires des minimas sociaux",
    "demandeurs-emploi": "Demandeurs d'emploi",
    "etudiants": "Étudiants",
    "familles": "Familles",
    "femmes": "Femmes",
    "jeunes": "Jeunes",
    "personnes-en-situation-de-handicap": "Personnes en situation de handicap",
    "personnes-en-situation-durgence": "Personnes en situation d'urgence",
    "personnes-en-situation-juridique-specifique": "Personnes suivies par la justice",
    "personnes-exilees": "Personnes exilées",
    "residents-qpv-frr": "Habitants des quartiers prioritaires ou de la campagne",
    "seniors": "Seniors",
}
_OWN_COLUMNS = frozenset(
    {"structure_id", "reseaux_porteurs", "horaires_accueil", "accessibilite_lieu", "lien_source"}
)
"""Columns that the national schema does not have: one is enough to know data·inclusion."""
_SLUG = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
"""Lists come as «a|b», ``["a", "b"]`` or ``{a,b}``."""


def concerns(row: DirectoryRow) -> bool:
    """Whether a row is of data·inclusion."""
    return not _OWN_COLUMNS.isdisjoint(row)


def structure_of(row: DirectoryRow) -> str:
    """Return the id of the structure that a row is, or that offers the service that it is."""
    return row.get("structure_id") or row.get("id", "")


def is_service(row: DirectoryRow) -> bool:
    """Whether a row is a service rather than a structure."""
    return bool(row.get("structure_id"))


def is_digital(row: DirectoryRow) -> bool:
    """Whether a row says that it is about digital help.

    By its themes (a service always has some), by its network, by the source that lists such
    places only, or by its own name, where there is no theme that says otherwise.
    """
    themes = _slugs(row, "thematiques")
    return (
        any(theme.partition("--")[0] == _THEME for theme in themes)
        or any(network in _DIGITAL_NETWORKS for network in _slugs(row, "reseaux_porteurs"))
        or row.get("source", "").startswith(_DIGITAL_SOURCE)
        or (not themes and _DIGITAL_NAME.search(fold(row.get("nom", ""))) is not None)
    )


def needs_of(row: DirectoryRow) -> tuple[str, ...]:
    """Return the ids of the needs that its themes of version 1 name."""
    parts = [theme.partition("--")[2] for theme in _slugs(row, "thematiques")]
    return tuple(dict.fromkeys(one for part in parts for one in _THEMES.get(part, ())))


def as_national(row: DirectoryRow) -> DirectoryRow:
    """Return a row with the columns and words of the national schema.

    ``conditions_acces`` is free text here, and no list of prices: it becomes
    ``precisions_acces``.
    """
    access = [_ACCESS[mode] for mode in _slugs(row, "modes_mobilisation") if mode in _ACCESS]
    if _slugs(row, "mobilisable_par") == ["professionnels"]:
        access.append(_PRESCRIBED)
    themes = [theme.partition("--")[2] for theme in _slugs(row, "thematiques")]
    national = {name: value for name, value in row.items() if name in _KEPT}
    if is_service(row):  # a structure may bear the same identifier
        national["id"] = f"service:{row.get('id') or row['nom']}"
    return national | {
        # «numerique--prendre-en-main-un-ordinateur», of version 0, is a label of schema 0.1.
        "services": "|".join(part.replace("-", " ") for part in themes if part),
        "horaires": row.get("horaires_accueil", ""),
        "presentation_resume": row.get("description", ""),
        "accessibilite": row.get("accessibilite_lieu", ""),
        "prise_rdv": row.get("lien_mobilisation", ""),
        "precisions_acces": row.get("conditions_acces", ""),
        "frais_a_charge": _labels(row, "frais", _PRICES),
        "modalites_acces": "|".join(access),
        "modalites_accompagnement": "À distance"
        if "a-distance" in _slugs(row, "modes_accueil")
        else "",
        "publics_specifiquement_adresses": _labels(row, "publics", _PUBLICS),
        "dispositif_programmes_nationaux": _labels(row, "reseaux_porteurs", _NETWORKS),
    }


_KEPT = frozenset(
    (
        *("id", "nom", "source", "date_maj", "telephone", "courriel", "site_web"),
        *("adresse", "complement_adresse", "code_postal", "commune", "code_insee"),
        *("latitude", "longitude"),
    )
)


def _labels(row: DirectoryRow, column: str, vocabulary: dict[str, str]) -> str:
    return "|".join(vocabulary[one] for one in _slugs(row, column) if one in vocabulary)


def _slugs(row: DirectoryRow, column: str) -> list[str]:
    return _SLUG.findall(row.get(column, "").lower())
