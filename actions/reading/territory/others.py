"""Names of towns that are somebody's or something's: told by the words beside them."""

from __future__ import annotations

from actions.reading.territory.place_vocabulary import ARTICLES, KIN, OWN, SETTLEMENTS
from actions.reading.territory.written_words import WrittenText


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GIVEN_NAMES = _set(
    "adrien agathe agnes alain albert alexandra alexandre alexis alice aline amandine amelie"
    " anais andre andree anne annie antoine arlette arnaud arthur audrey aurelie aurelien axel"
    " baptiste beatrice benjamin benoit bernadette bernard berthe bertrand brigitte bruno"
    " camille caroline catherine cecile cedric chantal charles charlotte chloe christelle"
    " christian christiane christine christophe claire claude claudine clement colette corinne"
    " cyril damien daniel daniele danielle david delphine denis denise didier dominique edith"
    " edouard eliane elisabeth elise elodie emile emilie emma emmanuel enzo eric estelle etienne"
    " eugene eva evelyne fabien fabienne fabrice fatima fernand florence florian francine francis"
    " franck francois francoise frederic gabriel gaelle genevieve georges gerard germaine gilbert"
    " gilles ginette gisele guillaume guy gwenaelle hassan helene henri herve hugo huguette ines"
    " isabelle jacqueline jacques jean jeanne jeannine jerome joel joelle josette josiane julie"
    " julien juliette karim karine kevin laetitia laura laure laurence laurent lea lionel loic"
    " louise luc lucas lucie lucien lucienne ludovic madeleine magali manon marcel marcelle marc"
    " margaux marguerite marie marine marion marthe martine maryse mathieu mathilde maurice"
    " maxime melanie michel michele micheline mickael mireille mohamed monique morgane muriel"
    " myriam nadia nadine nathalie nicolas nicole noemie odette odile olivier pascal pascale"
    " patrice patricia patrick paul paulette pauline philippe pierre pierrette quentin rachid"
    " raphael raymond raymonde regine regis rene renee robert roger roland romain samira sandra"
    " sandrine sarah sebastien severine simone solange sonia sophie stephane stephanie suzanne"
    " sylvain sylvie therese thierry thomas tristan valerie veronique victor vincent virginie"
    " viviane xavier yann yannick yasmine yolande yves yvette yvonne"
)
"""Before a name, with nothing between: «Bernard Nevers» is somebody."""

_ROLES = _set(
    "animatrice animateur secretaire assistante assistant mandataire directrice directeur"
    " formatrice formateur benevole presidente president responsable professeur prof docteur"
    " infirmiere infirmier tuteur tutrice curateur curatrice educatrice educateur gardienne"
    " gardien notaire avocat avocate facteur factrice aidante aidant stagiaire comptable"
    " bibliothecaire concierge referente referent maitresse patronne patron"
)
"""Who somebody is: «Orly, l'animatrice»."""

_ANIMALS = _set("chat chatte chien chienne cheval lapin perroquet hamster chaton chiot toutou")
_FAMILIES = _set("famille epoux couple consorts freres soeurs succession")
_WORKS = _set(
    "logiciel logiciels marque modele serie film roman livre chanson chaine emission appli"
    " application antivirus virus imprimante banque parfum vin eau fromage biscuit yaourt"
)
"""What bears a name that may be a town's: «le logiciel Bourges», «l'eau Vichy»."""

_TRADES = {
    "orange": _set(
        "client cliente clients abonne abonnee operateur forfait box facture boutique agence sim"
        " livebox wifi fibre reseau ligne chez couleur jus carotte mail messagerie adresse bank"
        " portable mobile telephone tel carte compte internet abonnement est c bouton voyant feu"
    ),
    "nice": _set("very super trop so est c"),
    "croix": _set("la une petite"),
    "bordeaux": _set("couleur verre bouteille rouge"),
    "cognac": _set("verre bouteille"),
    "champagne": _set("verre bouteille coupe"),
    "vichy": _set("eau carottes tissu pastille pastilles"),
    "camembert": _set("un le graphique"),
}
"""What stands before a name where it is a brand, a colour, a product: «client Orange»."""

_PAIRS = frozenset(
    {
        ("paris", "sportif"),
        ("paris", "sportifs"),
        ("paris", "hippiques"),
        ("paris", "truques"),
        ("nice", "day"),
        ("tours", "magie"),
        ("vienne", "demander"),
        ("orange", "bank"),
        ("orange", "mecanique"),
        ("orange", "pressee"),
        ("sens", "unique"),
        ("sens", "interdit"),
        ("sens", "figure"),
        ("somme", "toute"),
        ("angers", "sco"),
        ("lens", "racing"),
    }
)
"""Two words that go together and are no place: «paris sportifs»."""

_PRETENDED = _set("celle celui ceux celles")
"""«celle de la Nièvre» says which town, and is no La Celle."""

_RELATIVES = _set("de du des d qui que en dans ou la")


def is_of_something_else(words: WrittenText, first: int, last: int) -> bool:
    """Say whether a name is a person's, a brand's or a part of another expression.

    «Lourdes, ma voisine», «Bernard Nevers», «la famille Beaune», «mon chat Vichy», «client
    Orange», «paris sportifs», «le logiciel Bourges».
    """
    word, before, after = words.word(first), words.word(first - 1), words.word(last)
    here = first > 0 and not words.tokens[first].after_break
    if last - first == 1:
        if (word, after) in _PAIRS or (here and before in _TRADES.get(word, ())):
            return True
        if word in _PRETENDED and after in _RELATIVES:
            return True
        if word == "somme" and before == "en":  # «en somme»
            return True
        if word == "sainte" and not words.raw(first).endswith(("é", "É")):
            return True  # «sainté» is Saint-Étienne
    if here and _is_a_bearer(words, first):
        return True
    return _is_presented(words, first, last)


def _is_a_bearer(words: WrittenText, first: int) -> bool:
    """Whether what stands right before bears the name: a first name, a family, a pet, a work."""
    before, further = words.word(first - 1), words.word(first - 2)
    if before in _GIVEN_NAMES:
        return further not in ("saint", "sainte") and words.tokens[first].capital
    if before in _ANIMALS:
        return further in OWN
    if before in _FAMILIES:
        return further in ARTICLES or further in OWN or further == "les"
    return before in _WORKS and further in ARTICLES | OWN | {"un", "une", "ce", "cette", "de"}


def _is_presented(words: WrittenText, first: int, last: int) -> bool:
    """Whether who somebody is follows a comma: «Lourdes, ma voisine», «Orly, l'animatrice»."""
    if not (last < len(words.tokens) and words.tokens[last].after_break):
        return False
    if words.text[words.tokens[last - 1].end : words.tokens[last].start].strip() != ",":
        return False
    word, role = words.word(last), words.word(last + 1)
    if word in OWN and role in KIN and words.ends(last + 2):
        # «Tulle, ma mère a besoin d'aide» is where she lives; «Lourdes, ma voisine, m'a dit».
        return last + 2 < len(words.tokens) or words.word(first - 1) in KIN | OWN
    if word in ARTICLES or word in OWN:
        return role in _ROLES and words.word(first - 1) not in SETTLEMENTS
    return word in _ROLES and words.word(first - 1) in _GIVEN_NAMES
