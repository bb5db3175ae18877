"""What people say in a soak: a few conversations, each message with an answer of its own."""

from __future__ import annotations

SCRIPTS: tuple[tuple[str, ...], ...] = (
    (
        "bonjour, c'est quoi le pass numérique ?",
        "où utiliser mon pass numérique à Metz ?",
        "combien vaut un pass exactement ?",
        "quelle est la date limite de l'appel à projets 2020 ?",
        "un EPCI achète pour 40 000 € de pass en 2020, quelle aide ?",
        "où utiliser mon pass numérique à Strasbourg ?",
        "qui a été lauréat de l'appel à projets 2019 ?",
        "mes données personnelles, vous en faites quoi ?",
        "est-ce que mon pass a une date de fin ?",
        "merci beaucoup et au revoir !",
    ),
    (
        "comment obtenir un pass numérique ?",
        "un lieu pour apprendre l'ordinateur à Nevers ?",
        "que peut-on faire avec un pass numérique ?",
        "quel taux de financement pour l'appel à projets 2019 ?",
        "où utiliser mon pass numérique à Lyon ?",
        "est-ce que vous êtes un robot ?",
        "qui peut répondre à l'appel à projets ?",
        "combien coûte un pass pour la personne ?",
        "où utiliser mon pass numérique à Bordeaux ?",
        "que contient le dossier de l'appel à projets ?",
    ),
    (
        "qui a droit à un pass numérique ?",
        "l'enveloppe de l'appel 2020 était de 15 millions ?",
        "où utiliser mon pass numérique à Lille ?",
        "est-ce que c'est payant pour moi d'avoir un pass ?",
        "Aptic est en liquidation depuis quand ?",
        "où utiliser mon pass numérique à Nantes ?",
        "il reste combien de conseillers numériques aujourd'hui ?",
        "j'ai perdu mon carnet de pass que faire ?",
        "quelle région a été la première à signer ?",
        "où utiliser mon pass numérique à Toulouse ?",
    ),
)
"""Whole questions: none lives from what was said before it."""
