"""The words around figures, in lower case without accents."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EURO = _words("euro euros eur eurs euors eruos uros euroes balles eurso")
PASS = _words("pass passe passes cheque cheques titre titres aptic")
CARNET = _words("carnet carnets chequier chequiers livret livrets")
ADJECTIVE = _words("numerique numeriques aptic culture num pass")
"""What may follow «pass» in its name."""
WORTH = _words(
    "( , : x d ' de une un valeur unitaire faciale nominale valant a chacun dont la est vaut "
    "valent coutant tarif"
)
"""Between a pass and its value: «d'une valeur faciale de»."""
HOLDING = _words("( : x de d a contenant avec comprenant compose composes")
"""Between a carnet and what it holds."""
LINK = _words(
    "de d a en pour au aux un une le la les des du l notre nos environ total hauteur est sont "
    "serait presque autour disons soit global globale montant prevu prevue vers "
    "approximativement maximum max mini minimum moins plus jusqu pres quelque sera numerique "
    "numeriques pass estime ttc ht previsionnel previsionnelle annuel annuelle avec nous on"
)
"""Words that may stand between a cue and its figure."""
CUE = _words(
    "budget montant achat achats acheter achete achetons achetent acheterait achetez achetera "
    "depense depenses depenser depensons depensera enveloppe somme investir investit "
    "investissement investissons financer finance mobiliser mobilise mobilisons commande "
    "commander consacrer consacre simulation simuler simule calculer calcul calculez calcule "
    "aide subvention cout coute prix euros bourse hauteur total fourchette entre projet mise "
    "budjet buget"
)
"""Words that announce an amount."""
AFTER = _words(
    "de d en pour par ttc ht et ou a dans avec sur dont au quelle quel combien on nous est c "
    "ca soit mais si max maximum environ minimum merci svp stp aide subvention car pass "
    "possible donc alors y il l la le les du des"
)
"""Words that may follow an amount without a currency; any other is what is counted."""
NOT_BEFORE = _words("population en l habitants hab sommes siren siret")
"""Words after which figures are no amount."""
OF_NUMBERS = ("millier", "milliers", "million", "millions", "aine", "aines")
"""Ends of the numbers that French joins to their noun by «de»."""
PER = _words("par chaque chacun chacune /")
EACH = _words(
    "beneficiaire personne habitant usager participant foyer tete agent commune lieu carnet pass"
)
"""Nouns of «100 € par bénéficiaire», without their plural."""
PERIOD = _words("an annee mois trimestre semestre")
CORRECTION = _words("pardon plutot enfin finalement erreur")
AID = _words("aide aides subvention subventions cofinancement")
ASKING = _words(
    "subvention aides demandons demander demande obtenir toucher recevoir decrocher esperait "
    "esperions esperons visait visions visons"
)
OWN_BEFORE = _words("apport apporter apporte apportons autofinancement propres part")
OWN_AFTER = _words("poche autofinancement apport")
ANOTHER_COST = _words(
    "frais salaire salaires formation formations materiel ordinateurs communication"
)
"""What a part of a budget may pay beside passes."""
