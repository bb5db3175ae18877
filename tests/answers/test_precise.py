"""Precise answers: the right fact, and «oui» or «non» only against one."""

from __future__ import annotations

import re
from datetime import date

import pytest

from actions.answers import Answers
from actions.answers.precise import Precision, Precisions, load_precisions
from actions.programme.facts import Facts
from actions.reading.quantities.amounts import read_quantities
from actions.reading.question import read_question
from tests.answers.conftest import DAYS, FOLDER

TODAY = date(2026, 11, 27)
OPEN_2020 = date(2020, 3, 1)
EXTENDED = date(2020, 9, 1)
OPEN_2019 = date(2019, 5, 1)


@pytest.fixture(scope="module")
def precisions(facts: Facts) -> Precisions:
    return load_precisions(FOLDER, facts)


def ask(precisions: Precisions, topic: str, text: str, on: date = TODAY) -> Precision | None:
    return precisions.answer(read_question(text, read_quantities(text)), topic, on)


@pytest.mark.parametrize(
    ("asked", "on", "verdict", "holds"),
    [
        ("aap_date_limite: c'est bien le 15 mai 2020 la date limite ?", TODAY, "non", "15 octobre"),
        ("aap_date_limite: c'est bien le 15 mai 2020 ?", OPEN_2020, "oui", "15 mai"),
        ("aap_date_limite: clos depuis le 15/10, c'est ça ?", TODAY, "oui", "15 octobre 2020"),
        ("aap_date_limite: en 2019 c'était bien le 15 mai ?", TODAY, "non", "31 mai 2019"),
        ("aap_date_limite: la première date c'était bien le 15 mai ?", TODAY, "oui", "15 mai"),
        ("aap_date_limite: en 2019 ça fermait à 17 heures ?", TODAY, "oui", "17 h"),
        ("aap_date_limite: l'appel de 2019 fermait à 17 h, vrai ?", TODAY, "oui", "17 h"),
        ("aap_date_limite: l'appel de 2019 fermait à 18 h, vrai ?", TODAY, "non", "17 h"),
        ("aap_financement: l'aide minimum était de 20 % en 2019, exact ?", TODAY, "oui", "20 %"),
        ("aap_financement: on pouvait avoir 100 % en 2020 ?", TODAY, "non", "50 %"),
        (
            "aap_financement: le plafond de 2020 est de 1,5 million, exact ?",
            TODAY,
            "",
            "pas d’accord",
        ),
        ("aap_financement: le taux est de 40 %, je me trompe ?", TODAY, "", "50 %"),
        ("aap_publics: les publics PIC sont un tiers des personnes ?", TODAY, "non", "50 %"),
        ("aap_laureats: combien de lauréats la première fois ?", TODAY, "", "47"),
        (
            "programme_actualite: qu'est-ce qui change entre la première et la deuxième vague ?",
            TODAY,
            "",
            "2019",
        ),
        ("aap_financement: l'appel de 2019 financait quoi ?", TODAY, "", "65 %"),
        ("aap_date_limite: à quelle heure ça fermait en 2019 ?", TODAY, "", "17 h"),
        (
            "aap_date_limite: à quelle heure ça fermait en 2020 ?",
            TODAY,
            "ne_sait_pas",
            "15 octobre",
        ),
        ("aap_financement: le taux est de 60 %, non ?", TODAY, "non", "50 %"),
        ("aap_financement: en 2019, jusqu'à 65 %, exact ?", TODAY, "oui", "65 %"),
        (
            "aap_financement: le plafond de 2019 est de 3 millions d'euros ?",
            TODAY,
            "non",
            "1 200 000",
        ),
        ("aap_laureats: Verdun a touché 10 257 € ?", TODAY, "oui", "10 257"),
        ("aap_laureats: Verdun a touché 20 515 € ?", TODAY, "non", "10 257"),
        ("aap_publics: que veut dire PIC ?", TODAY, "", "investissement dans les compétences"),
        ("aap_presentation: un appel en 2027 ?", TODAY, "ne_sait_pas", "2027"),
        ("structure_labellisation: l'abonnement coûte 100 € ?", TODAY, "non", "77 €"),
        ("pass_valeur: un pass vaut 20 euros ?", TODAY, "non", "5 €"),
        ("pass_probleme: j'ai perdu mon carnet", TODAY, "ne_sait_pas", "numéro"),
        ("programme_budget: le budget de l'an dernier ?", TODAY, "ne_sait_pas", "2025"),
        ("programme_budget: le budget du pass en 2027 ?", TODAY, "ne_sait_pas", "2027"),
        ("programme_budget: l'enveloppe de l'an dernier ?", OPEN_2020, "", "10 000 000"),
        ("programme_actualite: le budget 2027 des conseillers ?", TODAY, "ne_sait_pas", "2 800"),
        ("programme_actualite: l'État paie les conseillers jusqu'à quand ?", TODAY, "", "2027"),
        ("aap_financement: la subvention pouvait atteindre 80 % en 2019 ?", TODAY, "non", "65 %"),
        ("aap_laureats: ce sont 60 collectivités qui ont gagné en 2019 ?", TODAY, "non", "47"),
        ("aap_laureats: l'Île-de-France est en tête ?", TODAY, "non", "Grand Est"),
        (
            "aap_instruction: en combien de semaines avait-on une réponse ?",
            TODAY,
            "ne_sait_pas",
            "fil de l",
        ),
        ("aap_financement: et si les pass ne sont pas utilisés, en 2019 ?", TODAY, "", "à rendre"),
        ("aap_financement: la grille de 2020 ?", TODAY, "ne_sait_pas", "grille"),
        ("aap_commander: quels frais de l'opérateur ?", TODAY, "ne_sait_pas", "frais"),
        ("pass_validite: on peut déposer jusqu'au 31 décembre ?", TODAY, "non", "15 octobre"),
        ("pass_cout: qui va me rembourser ?", TODAY, "ne_sait_pas", "remis"),
        ("pass_services: peut-on payer une imprimante ?", TODAY, "ne_sait_pas", "matériel"),
        ("programme_acteurs: qui finance les hubs ?", TODAY, "", "Banque des Territoires"),
        ("programme_acteurs: qui dirige l'ANCT ?", TODAY, "ne_sait_pas", "nom"),
        ("programme_acteurs: c'est quoi Numérique en Commun[s] ?", TODAY, "", "communauté"),
        ("aap_laureats: le Grand Est est troisième ?", TODAY, "non", "première région"),
        ("aap_laureats: le Grand Est est bien en tête des régions ?", TODAY, "oui", "première"),
        ("aap_laureats: la Bretagne est la première région ?", TODAY, "non", "Grand Est"),
        ("aap_laureats: le Grand Est n'est pas premier ?", TODAY, "", "première région"),
        ("aap_laureats: Moselle Fibre est une ville ?", TODAY, "non", "syndicat mixte"),
        ("programme_acteurs: un voisin peut utiliser Aidants Connect ?", TODAY, "non", "famille"),
        ("programme_actualite: il y a encore 4 000 conseillers ?", TODAY, "non", "2 800"),
        ("aap_financement: le taux, c'est 50 ou 65 % ?", EXTENDED, "", "65 %"),
        ("aap_laureats: 47 ou 48 lauréats ?", EXTENDED, "", "48"),
        ("aap_financement: le plafond de 3 M€, c'est l'aide ou le total ?", TODAY, "", "d’accord"),
        ("aap_financement: toujours 65 % de taux comme en 2019 ?", EXTENDED, "non", "50 %"),
        ("aap_date_limite: pourquoi la date a changé ?", EXTENDED, "", "plan de relance"),
        ("aap_date_limite: elle a été repoussée pourquoi ?", EXTENDED, "", "15 octobre"),
        ("aap_date_limite: il faut bien déposer avant le 30 avril ?", OPEN_2019, "non", "31 mai"),
        ("aap_date_limite: quelle heure pour le 15 octobre ?", EXTENDED, "ne_sait_pas", "heure"),
        ("programme_budget: que reste-t-il dans l'enveloppe ?", TODAY, "ne_sait_pas", "15 000 000"),
        ("programme_acteurs: quel est le hub de la Normandie ?", OPEN_2019, "ne_sait_pas", "hubs"),
        ("programme_acteurs: qui s'occupe du pass, ANCT ou APTIC ?", TODAY, "", "Mission Société"),
        ("structure_remboursement: payés tous les combien ?", TODAY, "", "chaque mois"),
        (
            "structure_labellisation: combien de lieux prennent le pass ?",
            TODAY,
            "ne_sait_pas",
            "11",
        ),
        ("pass_valeur: combien Verdun a acheté de pass ?", EXTENDED, "", "20 515"),
        ("pass_valeur: le pass vaut 50 €, exact ?", TODAY, "non", "10 €"),
        ("programme_bilan: 9 millions de demandes à France Services ?", TODAY, "oui", "9 000 000"),
        ("hors_sujet: quelle est la date limite ?", OPEN_2019, "", "31 mai 2019"),
        ("pass_valeur: les valeurs sont bien de 5 € et de 20 € ?", TODAY, "non", "10 €"),
        ("pass_valeur: les valeurs sont bien de 10 € et de 5 € ?", TODAY, "oui", "5 €"),
        (
            "pass_valeur: 4 € de monnaie sur un pass de 10 €, exact ?",
            TODAY,
            "ne_sait_pas",
            "monnaie",
        ),
        ("pass_cout: un pass c'est 12 euros, exact ?", TODAY, "non", "10 €"),
        ("pass_validite: le pass est valable 3 ans, exact ?", TODAY, "ne_sait_pas", "un an"),
        ("pass_valeur: un carnet contient 30 pass, exact ?", TODAY, "ne_sait_pas", "territoire"),
        ("aap_date_limite: on avait jusqu'à fin mai 2019, exact ?", TODAY, "oui", "31 mai"),
        ("aap_date_limite: la limite était début mai 2019, exact ?", TODAY, "non", "31 mai"),
        ("programme_acteurs: c'est la Poste qui gérait le programme ?", TODAY, "non", "Mission"),
        ("structure_labellisation: la CAF labellisait les lieux, exact ?", TODAY, "non", "APTIC"),
        ("programme_actualite: Aptic est en sauvegarde, vrai ?", TODAY, "non", "liquidation"),
        (
            "aap_instruction: combien de candidatures reçues en 2020 ?",
            TODAY,
            "ne_sait_pas",
            "reçus",
        ),
        ("aap_laureats: quelle part des projets a été rejetée ?", TODAY, "ne_sait_pas", "refusés"),
        ("aap_laureats: et les lauréats normands ?", TODAY, "ne_sait_pas", "Grand Est"),
        ("structure_remboursement: écrire au liquidateur ?", TODAY, "ne_sait_pas", "liquidateur"),
        ("aap_commander: et la TVA ?", TODAY, "ne_sait_pas", "TVA"),
        ("structure_labellisation: c'est long à obtenir ?", TODAY, "ne_sait_pas", "délai"),
        ("aap_financement: le taux et le plafond de 2019 ?", TODAY, "", "1 200 000"),
        ("aap_financement: pourquoi un plafond si bas ?", TODAY, "ne_sait_pas", "raison"),
        ("aap_publics: comment justifier les publics ?", TODAY, "ne_sait_pas", "prouver"),
        ("programme_bilan: combien de gens aidés par le pass ?", TODAY, "ne_sait_pas", "209 000"),
    ],
)
def test_a_precise_question_gets_the_very_fact(
    precisions: Precisions, asked: str, on: date, verdict: str, holds: str
) -> None:
    said = ask(precisions, *asked.split(": ", 1), on)
    assert said is not None
    assert said.verdict == verdict
    assert holds in re.sub(r"\s", " ", said.text)
    assert said.sources
    assert len(said.text) <= 600


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ("à quoi sert le 3114 ?", "suicide"),
        ("c'est quoi le 114", "SMS"),
        ("quel est le numéro des pompiers ?", "18"),
        ("pourquoi le communiqué écrit 1 510 27,5 € ?", "faute d’impression"),
        ("et le pass sport ?", "autre chose"),
        ("le pass'sport, comment ça marche ?", "autre chose"),
        ("CCAS, ça veut dire quoi ?", "action sociale"),
        ("des tickets restaurant ?", "autre chose"),
        ("la DETR finance quoi", "autre aide"),
        ("obtenir le label numérique responsable", "autre chose"),
        ("quand aurons-nous la fibre ?", "autre chose"),
        ("comment devenir conseiller numérique ?", "conditions"),
        ("que signifie EPCI ?", "coopération intercommunale"),
        ("un PETR, c'est quoi", "équilibre territorial"),
        ("quel article du CGCT ?", "L. 5111-1"),
        ("que dit le sénateur ?", "non remboursés"),
        ("la question du sénateur, c'est quoi ?", "non remboursés"),
        ("l'adresse du site de la carte ?", "cartographie"),
        ("France Num, c'est fini depuis quand ?", "31 juillet 2021"),
        ("mon compte formation, ça marche comment ?", "autre chose"),
        ("le 15 ou le 17 pour un malaise ?", "Samu"),
    ],
)
def test_what_means_only_one_thing_is_said_whatever_the_topic(
    precisions: Precisions, asked: str, holds: str
) -> None:
    said = precisions.first(read_question(asked, read_quantities(asked)), TODAY)
    assert said is not None
    assert holds in re.sub(r"\s", " ", said.text)
    assert said.sources


@pytest.mark.parametrize(
    "asked",
    [
        "c'est quoi le pass numérique ?",
        "le pass numérique est-il comme un ticket restaurant ?",
        "où trouver un conseiller numérique à Metz ?",
        "Moselle Fibre a eu combien ?",
        "calculer l'aide pour 3 114 €, c'est possible ?",
        "c'est quoi le 15 octobre ?",
        "notre EPCI achète 40 000 € de pass",
        "la DETR se cumule-t-elle avec le pass numérique ?",
        "un sénateur voudrait le taux de 2020",
        "je travaille pour une sénatrice : combien de lauréats ?",
        "comment avoir une carte d'identité",
    ],
)
def test_what_may_mean_something_else_waits_for_its_topic(
    precisions: Precisions, asked: str
) -> None:
    assert precisions.first(read_question(asked, read_quantities(asked)), TODAY) is None


def test_this_year_is_a_call_or_nothing(precisions: Precisions) -> None:
    assert ask(precisions, "aap_date_limite", "et cette année, on peut candidater ?") is None
    said = ask(precisions, "aap_financement", "quel taux cette année ?", OPEN_2019)
    assert said is not None
    assert said.call == 2019


def test_two_calls_are_compared_side_by_side(precisions: Precisions) -> None:
    said = ask(
        precisions, "aap_financement", "qu'est-ce qui change entre 2019 et 2020 pour le taux ?"
    )
    assert said is not None
    text = re.sub(r"\s", " ", said.text)
    assert "65 %" in text
    assert "50 %" in text
    assert said.verdict == ""


def test_a_call_that_is_not_announced_yet_is_not_told(precisions: Precisions) -> None:
    said = ask(precisions, "aap_financement", "et en 2020 ce sera quel taux ?", OPEN_2019)
    assert said is not None
    assert said.verdict == "ne_sait_pas"


def test_a_general_question_gets_the_whole_answer(precisions: Precisions) -> None:
    assert ask(precisions, "aap_date_limite", "peut-on encore candidater ?") is None
    assert ask(precisions, "pass_definition", "c'est quoi le pass numérique ?") is None


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_nothing_written_begins_with_yes_or_no(answers: Answers, on: date) -> None:
    for topic in answers.topics:
        for part in ("text", "details", "simpler"):
            text = answers.render(topic, on, part).text
            assert not re.match(r"(?i)(oui|non)\b", text), f"{topic}, {part}"


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_row_reads_well_on_its_own(precisions: Precisions, facts: Facts, on: date) -> None:
    at = facts.at(on)
    for row in precisions.rows:
        for call, entry in row.entries.items():
            if all(name in at for name in (*entry.text.facts, *entry.facts)):
                text = entry.text.render(at).text
                assert text.rstrip().endswith("."), (row.id, call)
                assert not re.match(r"(?i)(oui|non)\b", text), (row.id, call)
                assert len(text) <= 560, (row.id, call)
