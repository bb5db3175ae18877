"""Danger is read at once, and never where there is none."""

from __future__ import annotations

import pytest

from actions.reading.danger import Danger, read_danger


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("je veux mourir", Danger.SUICIDE),
        ("ma fille parle de suicide", Danger.SUICIDE),
        ("jve mourir", Danger.SUICIDE),
        ("mon conjoint m'a giflée", Danger.VIOLENCE),
        ("il me tape dessus tous les soirs", Danger.VIOLENCE),
        ("mon père ne respire plus", Danger.VITAL),
        ("un monsieur vient de s'écrouler dans le hall", Danger.VITAL),
        ("y a le feu dans la cuisine", Danger.FIRE),
        ("ça sent le gaz chez ma voisine", Danger.FIRE),
        ("jveu crevé", Danger.SUICIDE),
        ("mon frere ve se suissidé", Danger.SUICIDE),
        ("ma femme est morte, je veux la rejoindre", Danger.SUICIDE),
        ("une amie a publié un message d'adieu sur son mur", Danger.SUICIDE),
        ("à quoi bon, je ne sers à rien, autant mourir", Danger.SUICIDE),
        ("je n'entends pas, j'ai besoin des secours", Danger.VITAL),
        ("il menace de se pendre", Danger.SUICIDE),
        ("un homme est devant chez nous avec un fusil", Danger.VIOLENCE),
        ("j'ai peur que mon ex me tue", Danger.VIOLENCE),
        ("mon oncle me touche la nuit", Danger.VIOLENCE),
        ("j'ai avalé toute une boîte de somnifères, je regrette", Danger.SUICIDE),
        ("le mari taper moi et mes enfants", Danger.VIOLENCE),
        ("chui batu par mon mari", Danger.VIOLENCE),
        ("bébé pas respirer", Danger.VITAL),
        ("on a eu un accident en Espagne, ma mère est blessée", Danger.VITAL),
        ("la poêle a pris feu et les rideaux brûlent", Danger.FIRE),
        ("I want to kill myself", Danger.SUICIDE),
        ("kocam beni dövüyor", Danger.VIOLENCE),
        ("муж меня бьёт, бьёт меня каждый день", Danger.VIOLENCE),
        ("en mwen, an vlé mò", Danger.SUICIDE),
        ("ich will nicht mehr leben", Danger.SUICIDE),
        ("elle dit qu'elle va sauter du balcon", Danger.SUICIDE),
        ("dormir et ne plus me réveiller", Danger.SUICIDE),
        ("ma fille a bu du débouche-évier", Danger.VITAL),
        ("on n'arrive pas à le réveiller", Danger.VITAL),
        ("le détecteur de monoxyde sonne et j'ai mal à la tête", Danger.VITAL),
        ("there is smoke coming from the kitchen", Danger.FIRE),
        ("mon père sort sa carabine et il pleure", Danger.VIOLENCE),
        ("papa tape maman", Danger.VIOLENCE),
        ("mio fratello mi picchia", Danger.VIOLENCE),
    ],
)
def test_a_danger(text: str, danger: Danger) -> None:
    assert read_danger(text) is danger


@pytest.mark.parametrize(
    "text",
    [
        "j'étais morte de rire",
        "cette attente me tue",
        "mon père est mort, ses pass sont-ils perdus ?",
        "je vais me pendre si ça replante",
        "mon ordi a fait un arrêt cardiaque",
        "il me tape sur les nerfs, ce site",
        "je veux en finir avec ces démarches",
        "la CAF me menace de couper mes droits",
        "il fait froid à mourir dans la salle",
        "mwen mouri fen, ki lè ou ouvè ?",
        "mon mari, pas parler français, il peut venir ?",
        "on m'a agressée en mars, je vais bien, mais mon carnet est perdu",
        "il m'a donné un coup de main pour le dossier",
        "mon PC a pris feu, mes pass étaient dedans",
        "mon mari me bat à tous les jeux vidéo",
        "je veux rejoindre ma femme à l'atelier de Metz",
        "mon imprimante ne se réveille pas",
        "ma tablette a pris feu, qui me la remplace ?",
        "je pars, adieu et merci pour tout",
        "j'ai pris toutes les boîtes de dialogue en photo",
        "mon père est décédé, je veux récupérer ses pass",
        "j'ai eu un accident du travail, ai-je droit au pass ?",
        "taper mon code, moi je ne sais pas",
        "il faut frapper fort sur le clavier",
        "autant disparaître des fichiers, je veux mes données",
        "j'ai besoin du Secours populaire",
        "j'ai besoin du numéro des secours",
        "à quoi bon continuer ce formulaire",
        "la mairie menace de finir avec les pass",
        "j'ai peur que le site me fasse perdre mes pass",
        "ouvrir le carton avec un couteau",
        "",
    ],
)
def test_no_danger(text: str) -> None:
    assert read_danger(text) is None
