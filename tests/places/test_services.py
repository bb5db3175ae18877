"""People's own words → services. The list is ours, of how people speak."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.places.services import SERVICE_IDS, ServicesError, load_services
from bot.settings import PROJECT_ROOT

SERVICES = load_services(PROJECT_ROOT / "data" / "places")

SAID = {
    "demarches": [
        "mes démarches",
        "être aidé pour mes démarches en ligne",
        "déclarer mes revenus sur internet",
        "aide pour la caf",
        "demander le rsa",
        "refaire ma carte grise",
        "jarrive pas a remplir un formulaire",
        "renouveler mon titre de séjour",
        "demarche administrative",
        "faire une demande de logement social",
        "mes papiers sur internet",
        "les impots en ligne",
        "acheter un timbre fiscal",
        "mon casier judiciaire",
        "l'avis d'imposition",
    ],
    "ordinateur": [
        "apprendre la souris",
        "apprendre à me servir d'une souris",
        "jaimerai aprendre lordinateur",
        "utiliser excel",
        "apprendre l'informatique",
        "taper au clavier",
        "des cours d'informatique pour débutants",
        "je suis débutante",
        "je pars de zéro",
        "copier coller je sais pas faire",
        "me servir d'un ordi",
        "le traitement de texte",
        "faire un diaporama",
        "mes premiers pas sur ordi",
        "la mise à jour de windows",
        "préparer le pix",
    ],
    "smartphone": [
        "utiliser mon smarphone",
        "tablete",
        "je comprends rien à mon nouveau téléphone",
        "apprendre whatsapp",
        "me servir d'un téléphone portable",
        "installer une appli",
    ],
    "quotidien": [
        "j'arrive pas à ouvrir ma boîte mail",
        "créer une adresse mèl",
        "envoyer une photo par mail",
        "mettre une pièce jointe",
        "faire une visio avec mes petits-enfants",
        "acheter un billet de train",
        "lire mes courriels",
        "apprendre à utiliser internet",
        "envoyer des photos à mes petits-enfants",
        "faire mes courses sur internet",
        "prendre un rendez-vous par internet",
        "un agenda partagé",
        "lire sur une liseuse",
        "faire ma généalogie",
    ],
    "emploi": [
        "faire un CV",
        "mes droits au chômage",
        "m'inscrire à pôle emploi",
        "actualisation france travail",
        "chercher du travail",
        "une lettre de motivation",
        "trouver un boulot",
        "postuler à une offre",
        "recherche d'emploi",
        "utiliser mon cpf",
        "un entretien en visio pour un poste",
    ],
    "internet": [
        "il me faut le wifi",
        "me connecter à internet",
        "j'ai pas internet chez moi",
        "un accès internet",
        "ma box ne marche plus",
        "un abonnement internet moins cher",
    ],
    "materiel": [
        "imprimer pas cher",
        "un ordinateur sur place",
        "impirmer un papier",
        "scanner un document",
        "photocopies",
        "j'ai pas d'ordinateur chez moi",
        "un ordinateur en libre service",
        "un poste avec une webcam",
        "l'ordinateur une heure",
    ],
    "equipement": [
        "un ordi pas cher",
        "mon ordinateur est trop vieux",
        "acheter un ordinateur d'occasion",
        "un pc reconditionné",
        "m'équiper à petit prix",
        "une tablette d'occasion",
        "choisir un ordinateur",
        "un portable pas cher",
    ],
    "entreprise": [
        "je monte mon entreprise",
        "auto entrepreneur",
        "vendre sur internet",
        "mes factures électroniques",
        "le site de mon gîte",
        "notre asso",
    ],
    "creation": [
        "montage vidéo",
        "un fablab",
        "imprimante 3d",
        "apprendre à coder",
        "écrire un livre",
        "programmer un robot",
        "enregistrer une émission",
    ],
    "sante": [
        "doctolib j'y comprends rien",
        "mon compte ameli",
        "mes remboursements de santé",
        "prendre rendez-vous chez le médecin sur internet",
        "la carte vitale",
        "mes résultats d'analyses",
        "le carnet de santé en ligne",
    ],
    "citoyennete": [
        "reconnaître les fake news",
        "vérifier une information",
        "démêler le vrai du faux",
        "un deepfake",
    ],
    "parentalite": [
        "pronote pour mon fils",
        "parcoursup",
        "le contrôle parental",
        "surveiller les écrans des petits",
        "mon gamin et sa console",
        "un échange entre parents",
    ],
    "securite": [
        "je me suis fait arnaquer",
        "mot de passe oublié",
        "un faux mail",
        "un virus",
        "quelqu'un est entré dans mon compte",
        "me méfier des faux sms",
        "régler la confidentialité",
        "on voit ma photo partout",
    ],
    "culture": [
        "l'intelligence artificielle",
        "comprendre le numérique",
        "une causerie sur l'IA",
        "la sobriété numérique",
    ],
}


@pytest.mark.parametrize(("said", "service"), [(t, s) for s, texts in SAID.items() for t in texts])
def test_what_people_say_names_a_service(said: str, service: str) -> None:
    found = SERVICES.understand(said)
    assert found is not None, "nothing understood"
    assert found.id == service


@pytest.mark.parametrize(
    "said",
    [
        "bonjour",
        "je voudrais manger une pizza",
        "merci beaucoup",
        "Metz",
        "où êtes-vous ?",
        "qui peut candidater ?",
        "notre commune veut candidater",
        "",
        "?",
    ],
)
def test_what_names_no_service_is_not_guessed(said: str) -> None:
    assert SERVICES.understand(said) is None


def test_every_service_has_words_and_labels() -> None:
    assert set(SAID) == set(SERVICE_IDS)
    for service in SERVICES.by_id.values():
        assert service.title
        assert service.words
        assert SERVICES.offered(service.labels[:1]) != ()


def test_labels_of_both_schemas() -> None:
    assert SERVICES.offered(["Prendre en main un ordinateur"]) == ("ordinateur",)
    assert SERVICES.offered(["Maîtrise des outils numériques du quotidien"]) == (
        "ordinateur",
        "smartphone",
        "quotidien",
    )
    assert SERVICES.offered(["Apprendre à voler"]) == ()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "services.yaml").write_text("demarches: {title: x}", encoding="utf-8")
    with pytest.raises(ServicesError, match=r"services\.yaml"):
        load_services(tmp_path)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("atelier", []),
        ("cours pour retraités à Metz", []),
        ("ma retraite", ["demarches"]),
        ("un CV à faire et des photocopies", ["emploi", "materiel"]),
        ("Utiliser le numérique au quotidien", ["quotidien"]),
        ("Accéder à du matériel", ["materiel"]),
        ("mon compte Ameli", ["sante"]),
        ("m'inscrire à France Travail", ["emploi"]),
        ("refaire ma carte grise sur l'ANTS", ["demarches"]),
        ("on m'a piraté", ["securite"]),
        ("parler à ma famille en visio", ["quotidien"]),
    ],
)
def test_what_is_wanted(text: str, ids: list[str]) -> None:
    assert sorted(one.id for one in SERVICES.wanted(text)) == sorted(ids)


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("un lieu à Arnas", []),
        ("Chomérac, une personne sourde", []),
        ("faire mon cv à Santes", ["emploi"]),
        ("j'habite Visan et je veux imprimer", ["materiel"]),
        ("c'est une arnaq", ["securite"]),
    ],
)
def test_the_name_of_a_town_is_no_need(text: str, needs: list[str]) -> None:
    assert [one.id for one in SERVICES.wanted(text)] == needs
