"""How good the directory is, as JSON and in words."""

from __future__ import annotations

from typing import Any

from actions.places.quality import AGES, OLDER, UNDATED, Quality
from actions.reference.coverage_map import NEAR_M, Reach

_AGES = dict(
    zip(
        (*(name for name, _ in AGES), OLDER, UNDATED),
        ("de moins d'un an", "d'un à deux ans", "de plus de deux ans", "sans date"),
        strict=True,
    )
)
_SAID = {
    "exact_position": "position exacte",
    "address": "adresse",
    "phone": "téléphone",
    "email": "e-mail",
    "website": "site",
    "hours": "horaires",
    "hours_understood": "horaires compris",
    "services": "services",
    "price": "prix",
    "kind_of_help": "genre d'aide",
    "accessibility": "accessibilité",
}


def to_json(quality: Quality, reach: Reach) -> dict[str, Any]:
    """Return the parts of ``places stats --json``: counts, and percents of places or people."""
    return {
        "freshness": dict(quality.ages)
        | {"latest": quality.latest.isoformat() if quality.latest else None},
        "completeness": {
            name: {"places": count, "percent": percent(count, quality.places)}
            for name, count in quality.said.items()
        },
        "duplicates": {
            "rows": quality.rows,
            "merged": quality.merged,
            "alike": quality.alike,
        },
        "coverage": {
            "departements": reach.departements,
            "departements_without_place": reach.without_place,
            "departements_without_free_place": reach.without_free,
            "departements_without_labelled_place": reach.without_label,
            "population": reach.population,
            "far_from_free_help": reach.far,
            "far_percent": reach.far_percent,
            "far_m": round(NEAR_M),
        },
    }


def to_words(quality: Quality, reach: Reach) -> list[str]:
    """Return the same in words, a line each."""
    ages = ", ".join(
        f"{_AGES[name]} {percent(count, quality.places)}\u00a0%"
        for name, count in quality.ages.items()
    )
    latest = f" ; la plus récente : {quality.latest:%d/%m/%Y}" if quality.latest else ""
    said = ", ".join(
        f"{_SAID[name]} {percent(count, quality.places)}\u00a0%"
        for name, count in quality.said.items()
    )
    return [
        f"Fraîcheur des fiches : {ages}{latest}.",
        f"Ce que les lieux disent : {said}.",
        f"Doublons : {quality.merged} lignes réunies avec une autre ; {quality.alike} lieux se "
        "ressemblent encore (même téléphone, ou même nom dans la commune).",
        f"Couverture : {reach.without_place} départements ou territoires sans lieu et "
        f"{reach.without_free} sans aide gratuite connue, sur {reach.departements} ; "
        f"{reach.far_percent}\u00a0% des habitants à plus de {round(NEAR_M / 1000)}\u00a0km "
        "d'une aide gratuite.",
    ]


def percent(count: int, whole: int) -> int:
    """Return a share as a whole percent; none of nothing."""
    return round(100 * count / whole) if whole else 0
