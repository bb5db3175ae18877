"""The words around a place name: what announces one, what never is one.

All folded (see ``actions.reading.fold.fold``). Kept apart from the parser so that a reader
can add a word without reading the parser.
"""

from __future__ import annotations

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


LINKS = _set("sur sous en le la les l de du des d et a au aux lez lès s ss")
"""Words inside names (Pont-à-Mousson, Bar-le-Duc)."""

ARTICLES = _set("le la les l")

DETERMINERS = ARTICLES | _set(
    "un une des du au aux mon ma mes ton ta tes son sa ses notre nos votre vos ce cet cette ces"
    " quel quelle quels quelles plusieurs"
)

PREPOSITIONS = _set(
    "a au aux vers pres proche autour dans ds ver sur en depuis chez jusqua cote entre environs"
    " alentours hors"
)
"""Announce a place when followed by a name."""

DWELLING = _set(
    "habite habites habitons habitant habitante habitants habit abite abit jhabite jabite jhabit"
    " jabit vis vit vivons vivant reside resides residons residant demeure demeurant loge logeons"
    " loger suis sui jsuis jsui chui chuis sommes situe situee domicilie domiciliee installe"
    " installee base basee viens venons venant travaille bosse etudie"
)
"""Verbs after which a place is where the person is."""

ORIGIN = _set("viens venons venant originaire")
"""Words after which a place may be where one is no more."""

PLACE_NOUNS = _set(
    "mairie ville commune village centre gare cote coin region secteur quartier alentours"
    " environs banlieue prefecture mediatheque bibliotheque ccas habitant habitants habitante"
    " agglo agglomeration metropole originaire loin autour pres proche proximite nord sud est"
    " ouest departement canton arrondissement hopital universite mission poste caf pole"
    " peripherie bourg ile"
)
"""Nouns after which «de X» names a place."""

SETTLEMENTS = _set("village ville commune hameau bourg bourgade patelin bled mairie")
"""What is called by the name of a place."""

NEAR = _set("pres proche proches proximite cote autour alentours environs banlieue loin vers")
"""Words that make the next place a landmark («Villers à côté de Nancy»)."""

BESIDE = NEAR - {"vers"} | {"alentour"}
"""Words after which «de X», without an article, names a place: «près de Dunes»."""

LIVED_IN = _set(
    "habite habites habitons habitez habitant habitante habit abite abit jhabite jabite jhabit"
    " jabit reside"
)
"""Verbs that take their place without a preposition («j'habite Marquise»)."""

NAMED_AFTER_A_SAINT = _set(
    "gare station metro arret lycee college ecole maternelle creche hopital clinique eglise"
    " basilique cathedrale chapelle paroisse place rue avenue boulevard quai pont porte tour"
    " stade foyer residence maison quartier institut institution fondation boulangerie pharmacie"
)
"""What bears a saint's name wherever it stands: «gare Saint-Charles» is no commune."""

PERSON = _set(
    "madame monsieur mme mr mlle mademoiselle docteur dr maitre prenom nomme nommee prenomme"
    " appelle appelles appellent appelait fils fille mari femme epoux epouse frere soeur neveu"
    " niece oncle tante papa maman mamie papi cousin cousine ami amie copain copine"
    " voisin voisine collegue gendre bru belle-mere fiston filleul filleule marraine parrain"
    " cordialement amicalement"
)
"""Words after which a name is somebody's."""

KIN = _set(
    "fille fils mari femme epouse epoux frere soeur voisin voisine collegue ami amie copain copine"
    " niece neveu cousin cousine tante oncle maman papa mamie papi belle fiston"
)
"""Who somebody is to the one who writes: «Nancy ma collègue»."""

OWN = _set("mon ma mes notre nos ton ta son sa leur")

FIRST_NAMES = _set(
    "aude nancy billy vernon florence laurent aurore ambre marine clemence celeste valence"
    " constance france lorraine camille prudence gaston octave vincent clement"
    " romain francois robert bernard martin denis germain remy julien aubin aymeric"
)
"""Names of territories that people bear: unannounced, beside kin, they are somebody."""

GREETINGS = _set("bonjour bonsoir salut coucou bjr slt allo merci cher chere")

SAID_TO = _set("parler parle parlez dire dites dis ecrire telephoner confier expliquer")
"""Verbs after which «à X» is somebody: «dites à Martin de me rappeler»."""

ASKED = _set(
    "cours informatique ordinateur ordinateurs tablette tablettes smartphone smartphones portable"
    " telephone imprimer impression scanner photocopie initiation debutant debutants debutante"
    " senior seniors conseiller conseillere conseillers mediateur mediatrice mediation espace"
    " public gratuit gratuite gratuits wifi connexion demarche demarches administrative"
    " administratives accompagnement apprendre besoin aider imprimante imprimantes photocopie"
    " photocopies photocopieuse scan fax point points acces libre permanence formations aller"
    " vais va vont cv ordi ordis word excel impots retraite mail mails photos facebook whatsapp"
    " papiers dossier sante emploi doctolib ameli carte grise permis site internet numerique"
    " depannage debuter soir matin samedi mercredi reparer lettre"
)
"""What people ask for, beside which the rest is where: «cours d'informatique Bar-le-Duc»."""

STREETS = _set("rue avenue av ave boulevard bd bld boul allee allees impasse imp chemin square")
"""Kinds of streets that are nothing else."""

MAYBE_STREETS = _set(
    "place pl cours passage route rte cite villa voie quai mail residence res lotissement hameau"
    " lieu-dit lieudit esplanade faubourg fg fbg montee sente sentier traverse venelle ruelle"
    " promenade parvis chaussee rond zac za zi galerie clos"
)
"""Kinds of streets that are also common words: they need a number or a capital."""

MONTHS = _set(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
    " toussaint noel paques"
)

SURROUNDINGS = _set("environs alentours parages centre ville campagne agglo agglomeration")
"""What may stand beside a town's name in a part of a sentence that says nothing else."""

WANTED_VERBS = _set(
    "veux veut voudrais voudrai voudrait jveux jvoudrais jvoudrai aimerais aimerai aimerait faut"
    " faudrait souhaite souhaiterais souhaiterai desire demande cherchons voulons"
)
"""Verbs of whoever asks for something; none is the name of a place."""

UNITS = MONTHS | _set(
    "h heure heures euro euros e eur ans an mois jour jours semaine semaines pass passe carnet"
    " carnets cheque cheques habitants hab km m metres kilometres minutes mn min personnes"
    " beneficiaires fois k ke keuro keuros pourcent pour millions million mille centimes"
    " ateliers atelier seances seance communes places lieux postes tickets agents"
    " etage siecle ieme degre edition"
)

SOFT_UNITS = _set("lieux atelier ateliers places communes pour seance seances postes agents")
"""Units that may also just follow a postcode («06300 lieux»)."""
"""After a number, they say that it counts something."""

ORDINAL_ENDINGS = _set("e er eme ieme em iem ere nd nde ier")

CITY_WORDS = _set("arrondissement arrondissements arr ardt arrdt arrond arrondisement")

FILLERS = _set(
    "je j jai suis sui jsuis chui chuis habite jhabite jabite abite vis vit reside demeure"
    " loge c ce cest est"
    " et ou mon ma mes nous on moi me m se s il elle y a au aux dans ds de du d des en le la"
    " les l un une pour pr par pas plus pres proche vers sur a à bonjour bonsoir bjr bsr slt"
    " salut coucou cc merci mrc svp stp sil vous plait plz quel quelle quels quelles que qu qui"
    " quoi comment combien peut peux puis pouvez utiliser utilise cherche jcherche recherche"
    " trouver trouve lieu lieux endroit endroits adresse adresses pass passe numerique numeriques"
    " cheque cheques atelier ateliers aide ville commune village departement dept dep dpt region"
    " code postal cp quartier coin cote autour alentours environs entre proximite centre tout"
    " toute toujours actuellement maintenant voila voici oui non alors euh ben bah donc plutot"
    " chez france metropole cedex banlieue secteur zone mairie gare bus"
    " epn structure structures liste labellise labellises labellisee labellisees svp recensees"
    " carnet carnets moins loin a accepte acceptent prend prennent faire formation mediatheque"
    " bibliotheque"
)
"""Words that say nothing about which place."""

BARE_WORDS = (
    LINKS
    | PREPOSITIONS
    | DWELLING
    | _set(
        "je j jai c ce cest est mon ma moi nous on bonjour bonsoir bjr slt salut merci svp stp"
        " ville commune village departement dept dep dpt region code postal cp quartier coin"
        " la le oui non alors euh bah donc plutot france actuellement maintenant voila"
    )
)
"""Words beside which even an everyday word is a place («je suis à Sens»)."""

ABBREVIATIONS = _set(
    "sos ccas caf rsa aap pmr epci petr cpam msa ants sncf ratp anct aptic haptique ameli doctolib"
    " maps google gmail whatsapp facebook word excel internet ordi ordinateur ordis mail wifi sms"
    " tel telephone num numerik appli pdf usb ok etc messenger instagram snapchat telegram chatgpt"
    " netflix zoom skype android iphone ipad samsung windows tiktok youtube linkedin vinted"
    " leboncoin paypal franceconnect"
)
"""Not places, and not in a dictionary either."""

FILLERS |= ABBREVIATIONS | WANTED_VERBS

HERE = re.compile(
    r"\b(?:"
    r"(?:chez|autour de|autour d|pres de|proche de|proches de|cote de|loin de) (?:moi|nous|oim)"
    r"|(?:mon|ma|mes|notre|nos|le) (?:quartier|ville|village|commune|coin|secteur|region"
    r"|departement|environs|alentours|parages|position|localisation|domicile|maison|logement|bled"
    r"|appart(?:ement)?)"
    r"|les (?:environs|alentours|parages)|aux (?:environs|alentours)|a proximite|dans le coin"
    r"|(?:geo)?localise(?:r|z)?|geolocalisation|gps"
    r"|ou (?:je (?:suis|me trouve|vis)|j ?habite|nous sommes|on est)"
    r"|(?:pres|proche|proches|loin|autour|cote) d ici|(?:par|suis|habite|est) ici|^(?:c est )?ici$"
    r"|pas (?:trop |tres )?loin|a deux pas"
    r"|(?:le|la|les|l endroit le|au) plus (?:proches?|pres)|plus proches?|plus pres"
    r"|a cote$|juste a cote"
    r")\b"
)
"""Ways of saying «where I am»: only the phone's position can tell."""

EVERYDAY_CITIES = _set("tours nice sens orange croix avion plaisir")
"""Large communes whose name is an everyday word: never taken without a sign."""
