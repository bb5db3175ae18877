"""Someone is in danger now: read in words that leave no doubt, before anything else.

Precise rather than complete: the topic model (``urgence``) knows more wordings; these are read
even when it is down, in a form, and while an agent owns the conversation. Exaggerations
(«cette attente me tue») and what is over («mon père est mort») are no danger.
"""

from __future__ import annotations

import re
from enum import StrEnum

from actions.reading.fold import fold
from actions.reading.sms import spell_out


class Danger(StrEnum):
    """What someone is threatened by: it tells which number to call first."""

    SUICIDE = "suicide"
    VITAL = "vital"
    """Life is at stake: someone does not breathe, bleeds, is unconscious."""
    FIRE = "feu"
    VIOLENCE = "violence"


_SOMEONE = (
    r"(?:mon|ma|son|sa|un|une|le|la|mes|notre|votre) (?:\w+ )?"
    r"(?:mari|conjointe?|compagne|compagnon|copain|copine|mec|ex|femme|pere|mere|papa|maman|fils|"
    r"fille|frere|soeur|oncle|tante|beau pere|belle mere|voisine?|ami|amie|enfant|bebe|petit|"
    r"petite|collegue|grand mere|grand pere|mamie|papi|monsieur|dame|homme|personne|usagere?|"
    r"gars|jeune|client|cliente|eleve|patron|patient|patiente|gamin|gamine|beneficiaire)"
)
_WHO = rf"(?:il|elle|on|quelqu un|papa|maman|mamie|papi|tonton|tata|{_SOMEONE})"
_DRUGS = (
    r"(?:medicaments?|medocs?|cachets?|comprimes?|somniferes?|doli\w*|paracetamol|xanax|lexomil|"
    r"valium|tramadol|morphine|insuline|neuroleptiques?|antidepresseurs?)"
)
_POISONS = r"(?:javel|piles?|lessive|produits?|poison|detergent|destop|debouch\w+|antigel|essence)"
_ARMS = r"(?:couteau|fusil|flingue|pistolet|revolver|carabine|cutter|machette|arme|hache)"

_SUICIDE = (
    r"\b(?:envie|besoin|pense|penser|songe|idees?|decide|prete?) (?:a |d |de |que )?"
    r"(?:mourir|en finir|crever|me (?:tuer|suicider|pendre|foutre en l air|flinguer)|"
    r"m en aller pour toujours|disparaitre pour de bon|passer a l acte|suicide|suicidaires?)\b",
    r"\b(?:veux|jveux|jve|veu|voudrais|veut|voudrait|vais|va|aimerais) "
    r"(?:vraiment |juste |seulement )?"
    r"(?:mourir|crever|en finir(?! avec (?:ce|cet|cette|ces|votre|vos|le|les|la(?! vie)|l))|"
    r"(?:me|se|m|s) (?:suicider|foutre en l air|flinguer|jeter (?:sous|par|du|d|dans)|"
    r"ouvrir les veines|taillader|oter la vie)|"
    r"mettre fin a (?:mes|ses|ma|sa))\b",
    r"\b(?:m|s) ouvre les veines\b|\b(?:me|se) tuer ce soir\b|\bje (?:veux|vais) me tuer$",
    r"\bveut se (?:tuer|pendre)\b",
    r"\b(?:en finir avec la vie|mettre fin a (?:mes|ses) jours|mettre fin a (?:ma|sa) vie)\b",
    r"\b(?:pensees?|idees?|envies?) suicidaires?\b|\bidees? noires?\b",
    r"\b(?:penser?|pense|parle|parler|menace|menacer|risque) (?:\w+ )?(?:au|de|du|le) suicide\b",
    r"\b(?:tentative|tente) (?:de )?(?:suicide|de se suicider|de me suicider)\b(?! (?:commercial))",
    r"\b(?:veux|veut|ai|a|plus) plus (?:envie de )?vivre\b|\bplus (?:la force|envie|gout) "
    r"(?:de|a) (?:vivre|la vie|continuer a vivre)\b",
    r"\b(?:mieux|preferable) (?:si |que )?(?:je (?:meure|creve|sois mort\w*|n existais? plus)|"
    r"j etais mort\w*)\b|\bje serais? mieux mort\w*\b",
    r"\b(?:a|ai|vient d|viens d) ?(?:avaler?|avale|pris|prendre) (?:\w+ ){0,3}"
    r"(?:medicaments|cachets|comprimes|somniferes|boites? de (?:medicaments|cachets))\b"
    r"(?! (?:contre|pour))",
    r"\b(?:avale|pris|bu|prends?|gobe) (?:\w+ ){0,2}(?:trop|toute?s?|plein|\d+|plusieurs|"
    rf"plaquettes?|boites?|tubes?|flacons?|beaucoup) (?:\w+ ){{0,3}}(?:{_DRUGS}|javel|lessive|"
    r"desherbant|plaquettes?)\b",
    rf"\bavale (?:les|des|mes|tous) (?:\w+ )?{_DRUGS} (?:un par un|les uns)\b",
    r"\b(?:espere|voudrais|aimerais|veux|vais|dormir|m endormir|demande) (?:\w+ ){0,2}"
    r"ne (?:plus|pas|jamais) (?:jamais )?me reveiller\b",
    r"\bje n existerai plus\b|\bplus d autres? (?:sortie|issue|choix|solution) que (?:la mort|"
    r"mourir|de mourir)\b|\bmanquerai a personne\b",
    r"\bpardon (?:pour tout|maman|papa)\b.*\b(?:repond|repondent) (?:plus|pas)\b|"
    r"\b(?:dites|dis|dire) (?:\w+ ){1,4}que je (?:l|les) aim\w+\b",
    r"\b(?:va|veut|vais|veux|menace de|parle de) sauter (?:de|du|par|d) (?:\w+ ){0,2}"
    r"(?:fenetre|balcon|toit|pont|viaduc|falaise|etage|immeuble)\b",
    r"\b(?:sur|au bord d\w+|au) (?:\w+ ){0,2}(?:pont|parapet|viaduc|toit|falaise)\b"
    r"(?=.*\bregarde\w* en bas\b)",
    r"\b(?:dit|jure|ecrit|repete|promet) (?:\w+ ){0,12}(?:va|vais|veut) (?:la|le|les) rejoindre\b"
    r"(?=.*\bmort\w*\b)|\bmort\w*\b.*\bva (?:la|le|les) rejoindre\b",
    r"\b(?:moi|lui) vouloir mourir\b|\bne? plus (?:jamais )?souffrir definitivement\b",
    r"\b(?:veux|vais|voudrais|aimerais|envie de|besoin de|pense a|part|pars) "
    r"(?:\w+ )?rejoindre (?:\w+ ){1,3}(?:au ciel|au paradis|la haut|au cimetiere|dans la mort|"
    r"dans la tombe|decedee?|mort|morte)\b",
    r"\b(?:mort|morte|decedee?|partie?|enterree?|perdue?)\b.*\b(?:veux|vais|voudrais|envie de|"
    r"pense a) (?:\w+ )?(?:le|la|l|les) (?:rejoindre|suivre|retrouver la haut)\b",
    r"\b(?:se|me) (?:jeter|jette|balancer|balance|precipiter) (?:du|d un|de la|sous|par|"
    r"dans le vide|sur les rails)\b|\bau bord de la fenetre\b|"
    r"\b(?:foutre|fou|fout|foute) en l ?air\b"
    r"(?= *(?:$|ce|cette|demain|maintenant))",
    r"\b(?:parle|parler|parlent|menace|pense|veut|veux) (?:\w+ )?(?:se|me|de se|de me|a se|a me) "
    r"(?:tuer|pendre|flinguer|ouvrir les veines|faire du mal)\b(?! (?:au travail|a la tache))",
    r"\bautant (?:mourir|crever|disparaitre$|en finir$|en finir avec (?:la|ma) vie)\b|"
    r"\b(?:a quoi bon (?:vivre|continuer a vivre)|je ne sers a rien.*\b(?:disparaitre|mourir|finir|"
    r"vivre))\b",
    r"\bmenac\w* (?:de |d )(?:se |me |s |m )?(?:suicider|pendre|en finir(?! avec)|sauter)\b",
    r"\bdisparaitre (?:pour toujours|a jamais|de (?:cette|la) (?:terre|vie))\b",
    r"\b(?:me|se) (?:scarifie|mutile|taillade)\b|\bprepare (?:la|une|sa|ma) corde\b|"
    r"\b(?:a|ai) une corde\b(?=.*\b(?:fini|mourir|pendre|vie|adieu)\b)",
    r"\b(?:mieux sans moi|debarrasses? de moi)\b|"
    r"\b(?:vie|plus rien) (?:\w+ ){0,3}(?:de|aucun) sens\b"
    r"(?=.*\b(?:arrete|finir|vie|mourir|mort)\b)",
    r"\b(?:ecrit|poste|publie|envoye|laisse|recu|met|mis) (?:\w+ ){0,5}(?:adieux?|lettre d adieu|"
    r"mot d adieu|message d adieu|pardon pour tout|sera plus la (?:demain|ce soir))\b",
    r"\b(?:lettre|mot|message|sms|post|video) d adieux?\b",
    r"\b(?:reverra|reverrez|reverras) (?:plus|jamais)\b.*\b(?:adieu|ce soir|fini)\b|"
    r"\badieu (?:a tous|tout le monde|a toutes|la vie|je pars)\b",
    r"\b(?:est|suis|monte\w*|montee?) (?:sur|au bord) (?:\w+ ){0,2}(?:toit|pont|rebord|voies?)\b"
    r"(?=.*\b(?:saut\w+|jet\w+|fini\w*|mourir|vide)\b)",
    r"\b(?:s est|me suis|se) (?:ouvert|coupe|taillade|entaille) (?:les |la )?(?:veines|poignets?|"
    r"bras)\b|\b(?:s est|se) pendue?\b",
    r"\bdit (?:\w+ ){0,4}(?:se suicider|se tuer|en finir|se foutre en l air)\b",
    r"\b(?:want|going) to (?:die|kill myself|end (?:it all|my life))\b|\bsuicidal\b|"
    r"\bkill (?:my|him|her)self\b",
    r"\b(?:don t|do not|dont) want to (?:live|be alive)\b|\bbetter off dead\b|"
    r"\btook (?:\w+ ){0,3}(?:too many|all (?:\w+ )?) ?(?:pills|tablets)\b",
    r"\b(?:quiero|quiere) (?:morir(?:me)?|suicidar\w+|matarme)\b|\bquitarme la vida\b|"
    r"\bno quier[oe] (?:seguir viviendo|vivir)\b",
    r"\b(?:quero|quer) (?:morrer|me matar|suicidar\w+)\b|\bacabar com a minha vida\b|"
    r"\bme quer[oe]? matar\b|\bnao quer[oe]? (?:mais )?viver\b",
    r"\b(?:voglio|vuole) (?:morire|farla finita|ammazzarmi|uccidermi)\b|"
    r"\bnon voglio piu vivere\b",
    r"\b(?:will|mochte) (?:sterben|mich umbringen|mich toten|nicht mehr leben)\b|"
    r"\bbringe mich um\b",
    # Creoles of the Antilles, of Guiana, of Reunion and of Haiti.
    r"\b(?:vle|vla|anvi|ve|veu|oule) (?:mouri|mo|mor)\b|\b(?:anvi|vle|ve|oule) fini "
    r"(?:ak|epi|avek|ek) (?:lavi|la vi)\b|\b(?:pa (?:vle|oule|anvi)|ve (?:pu|pi|pa)|vle pli) "
    r"viv\b",
    r"\b(?:bghit|brit|nheb|rani baghi) (?:n|ne)?mout\b|\bbghit n[ae]?qtal rasi\b",
    r"\b(?:olmek istiyorum|kendimi oldur\w+|intihar ed\w+|canima kiy\w+)\b",
)
_VITAL = (
    rf"\b{_WHO} (?:ne )?respire (?:plus|pas|mal|tres mal)\b|\b(?:n |ne )?arrive (?:plus|pas) a "
    r"respirer\b|\bne respire (?:plus|pas)\b|\bpeux (?:plus|pas) respirer\b",
    r"\bs (?:etouffe|est ecroulee?|est effondree?|est evanouie?)\b|"
    r"\bvient de (?:s ecrouler|s effondrer|s evanouir|faire un malaise|perdre connaissance)\b|"
    r"\betouffe (?:avec|la)\b",
    r"\b(?:perdu connaissance|inconscient|inconsciente|bouge plus|repond plus|ne reagit plus)\b"
    r"(?=.*\b(?:" + _WHO + r"|je)\b)|"
    rf"\b{_WHO} (?:\w+ )?(?:a perdu connaissance|est inconsciente?|(?:ne )?bouge plus|"
    r"(?:ne )?reagit plus|est tombee? et (?:ne )?(?:bouge|repond) plus)\b",
    rf"\b{_WHO} (?:fait|est en train de faire|vient de faire|fait peut etre|fait surement) "
    r"(?:un |une )?(?:malaise|infarctus|avc|arret cardiaque|crise cardiaque|overdose|"
    r"crise d epilepsie|convulsions?|hemorragie|reaction allergique)\b",
    r"\bje (?:fais|crois que je fais) (?:un |une )?(?:malaise|infarctus|avc|crise cardiaque|"
    r"overdose|hemorragie)\b",
    r"\b(?:saigne|perd (?:beaucoup|plein) de sang|pisse le sang) ?(?:beaucoup|enormement|"
    r"abondamment|de la tete|sans arret|partout)?\b(?!.*\bnez\b)(?=.*\b(?:beaucoup|enormement|"
    r"abondamment|tete|arret|partout|sang|s arrete|secours|aidez|vite)\b)",
    r"\b(?:douleur|mal|serre|barre) (?:\w+ ){0,3}(?:poitrine|thorax)\b",
    r"\b(?:bebe|enfant|fils|fille|mari|femme|papa|maman|mamie|papi|pere|mere|lui|elle|monsieur|"
    r"madame|dame|ami|voisin|voisine) (?:\w+ )?(?:pas|plus|ne pas|ne plus) "
    r"(?:respire|respirer|bouger|reveiller|parler|reagir|se reveiller)\b"
    r"(?!.*\b(?:francais|langue|anglais)\b)",
    rf"\b{_WHO} (?:ne )?se reveille (?:pas|plus)\b(?!.*\b(?:ordi\w*|pc|tablette|ecran)\b)",
    r"\b(?:arrive|arrivons|arrivent|peux|peut) (?:pas|plus) (?:a )?(?:le|la|les) reveiller\b|"
    rf"\b{_WHO} (?:\w+ )?(?:n )?ouvre (?:pas|plus) les yeux\b",
    r"\b(?:langue|gorge|visage) (?:qui )?(?:\w+ )?gonfle\b(?=.*\brespir\w*\b)|"
    rf"\b{_WHO} (?:devient|est devenue?) (?:toute? )?(?:violette?|bleue?)\b",
    r"\b(?:bouche|visage) (?:est )?(?:\w+ )?(?:de travers|tordue?|paralysee?)\b"
    r"(?=.*\b(?:bras|parle\w*|lever|vite)\b)",
    r"\bperd(?:s)? (?:les eaux|du sang|beaucoup de sang)\b|\bdu sang partout\b|"
    r"\barret cardia[qk]\w*\b(?=.*\b(?:vite|fait|mon|ma)\b)",
    r"\b(?:coincee?s?|fosse|accidentee?s?)\b.*\b(?:ne )?repond(?:ent)? (?:pas|plus)\b",
    r"\bmonoxyde\b(?=.*\b(?:sonne|tete|vomir|malade|malaise)\b)|"
    r"^(?=.*\b(?:mal (?:a|de) (?:la )?tete|vomir|vomi)\b).*\b(?:poele|chaudiere|chauffage)\b",
    r"\bcri(?:e|ent|er) (?:au|a l) (?:secours|aide)\b",
    rf"\b(?:{_SOMEONE}|il|elle) (?:\w+ )?(?:convulse|s etrangle avec|est tout(?:e)? bleue?)\b|"
    r"\b(?:parle bizarre\w*|bouche (?:de travers|tordue)|visage paralyse|bras paralyse)\b"
    r"(?=.*\b(?:bouche|bras|visage|bizarre\w*|paralyse|vite|secours|d un coup)\b)",
    r"\baccident\b(?=.*\b(?:blessee?s?|coincee?s?|saigne|sang|inconscient\w*|secours|percute\w*|"
    r"renverse\w*|ambulance|urgence|pompiers)\b)|\b(?:blessee?s?|renversee?|ecrasee?|"
    r"percutee?) (?:\w+ ){0,3}(?:par une (?:voiture|moto)|sur la route|accident)\b",
    rf"\b(?:avale|a bu|ont bu|mange) (?:\w+ ){{0,3}}{_POISONS}\b",
    r"^(?!.*\b(?:numeros?|populaire|catholique|mutuel)\b).*\b(?:besoin|appelle[rz]?|envoye[rz]?) "
    r"(?:\w+ ){0,3}(?:secours|pompiers|ambulance|samu)\b|\bau secours\b(?=.*\b(?:aide\w*|vite|"
    r"sourde?|parler)\b)",
    r"\b(?:is not|isn t|not|stopped) breathing\b|\bhaving a (?:heart attack|stroke|seizure)\b|"
    r"\b(?:is|he s|she s) unconscious\b",
    r"\b(?:won t|not|isn t|can t) (?:wake up|waking up|breathe)\b",
    r"\bno respira\b|\bnao (?:respira|consegue respirar)\b|\binfarto\b|"
    r"\bataque (?:al corazon|cardiaco)\b|\bse esta ahogando\b|\bboca torta\b",
    r"\bpa (?:ka )?respire\b|\bi (?:bouj|reveil\w*) (?:pu|pi|pa)\b",
    r"\b(?:n9derch|ma ka|maka)\w* (?:n|t|y|i)?tnef\w+\b|\bka(?:y|t)tnef\w+\b",
    r"\bnefes (?:alamiyor|almiyor|alami)\w*\b|\bkalp krizi\b",
)
_FIRE = (
    r"\b(?:il y a|y a|ya) (?:le feu|un incendie|le feu chez|une fuite de gaz|une odeur de gaz)\b"
    r"(?! (?:au lac|vert|rouge))|^au feu\b|\ba l incendie\b",
    r"\b(?:prend feu|est en feu|sont en feu|est en flammes|en train de bruler|"
    r"brule en ce moment|est en train de cramer)\b",
    r"\ba pris feu\b(?=.*\b(?:brul\w+|flammes?|fumee|vite|secours|eteindre|faire|aide\w*|"
    r"sortir|rideaux?|appelle\w*|appeler|pompiers)\b)",
    r"\b(?:cuisine|maison|appart\w*|immeuble|chambre|grange|atelier|toiture) (?:est en train de )?"
    r"brule\b|\bca brule\b(?=.*\b(?:aide\w*|secours|vite)\b)|\b(?:incendie|feu) "
    r"(?:\w+ )?(?:vient de|demarre|se propage|s est declare)\b",
    r"\b(?:rideaux?|maison|cuisine|appart\w*|toit|immeuble|lit|canape|friteuse|casserole|"
    r"poele|voiture|garage|chambre|cave) (?:\w+ )?(?:brulent?|crame|flambe|en feu|en flammes)\b",
    r"\b(?:flammes?|fumee) (?:\w+ ){0,3}(?:partout|plein|sortent?|dans (?:le|la|l)|chez|"
    r"monte\w*)\b(?=.*\b(?:appart\w*|maison|cuisine|immeuble|couloir|chambre|fenetre|chez|"
    r"escalier|cage|voisins?|partout)\b)",
    r"\b(?:sent|ca sent|odeur (?:de|du)|fuite (?:de|du)) (?:\w+ ){0,3}gaz\b",
    r"\b(?:incendie|feu) (?:dans|chez|a la|au) (?:\w+ ){0,2}(?:maison|appart\w*|immeuble|cuisine|"
    r"cave|cage|nous|moi|voisins?|batiment|chambre|garage|etage|residence)\b(?!.*\b(?:dernier|"
    r"derniere|annee|mois|semaine)\b)",
    r"\b(?:house|kitchen|flat|building|apartment) is on fire\b|\bthere is a fire\b|\bgas leak\b",
    r"\bsmoke (?:is )?coming (?:under|from|in|out)\b|\b(?:cheiro a|huele a|olor a) gas\b|"
    r"\bkaz (?:\w+ )?(?:brul|bwile|pran dife)\w*\b|\bexplosion\b(?=.*\bblesse\w*\b)",
    r"\b(?:hay|ha) (?:un )?(?:incendio|fuego|fogo)\b|\bse quema la casa\b|\bcasa esta a arder\b",
    r"\byangin var\b|\bev yaniyor\b",
)
_HURTS = (
    r"frappe|frappee?|bat|battue?|tabasse|tabassee?|cogne|cognee?|gifle|giflee?|etrangle|"
    r"etranglee?|viole|violee?|poignarde|poignardee?|sequestre|sequestree?|agresse|agressee?|"
    r"brutalise|menace (?:de mort|avec (?:un|une|son|sa)|de me (?:tuer|frapper|bruler))|"
    r"menacee? (?:de mort|avec (?:un|une|son|sa)|de me (?:tuer|frapper|bruler))|tape dessus|"
    r"leve la main sur|roue de coups|rouee de coups"
)
_NERVES = r"(?! (?:\w+ )?(?:sur|dans) (?:les nerfs|le systeme|la tete|l oreille|l oeil))"
_VIOLENCE = (
    rf"\b{_WHO} (?:\w+ ){{0,2}}(?:me|m|nous|la|le|les|l) (?:a |as |ont |avait )?(?:encore |"
    rf"souvent |toujours |deja )?(?:{_HURTS})\b{_NERVES}",
    rf"\b(?:me|m|nous) (?:a|ont) (?:encore )?(?:{_HURTS})\b{_NERVES}",
    rf"\b{_WHO} (?:\w+ ){{0,2}}(?:frappe|bat|tabasse|cogne|etrangle|tape|maltraite) "
    r"(?:sur )?(?:moi|mes|mon|ma|sa|son|ses|les|la|le|une?|des) "
    r"(?:enfants?|fils|fille|mere|pere|femme|mari|petite?|soeur|frere|conjointe?|compagne|"
    r"copine|dame|personne|bebe|gosses?)\b",
    r"\b(?:mari|compagnon|conjoint|copain|mec|pere|mere|frere|ex|il|elle) "
    r"(?:m a (?:encore |deja )?tapee|"
    r"me tape (?:avec|dessus|tous|tout le temps|toujours|encore|fort|souvent|quand))\b|"
    r"\b(?:me|mdonne|m|lui|nous) ?(?:donne|met|a mis|file|fout) des? coups?\b"
    r"(?! (?:de (?:main|fil|pouce|jeune|tel|telephone|vieux)|d (?:oeil|main)))",
    r"\b(?:papa|tonton|beau pere) (?:tape|frappe|cogne) (?:maman|mamie|mon|ma|ses)\b|"
    r"\b(?:m|l|nous) (?:a )?enferm\w+\b(?=.*\b(?:peur|frapp\w*|tap\w*|coups?|sortir)\b)",
    r"\bm egorger\w*\b|\bpartout ou je (?:vais|suis)\b.*\btuer\b",
    rf"^(?=.*\b(?:ce soir|menace|peur|referme|pleure|tuer|vite)\b).*"
    rf"\b(?:sorti|sortir|sort|pris|prend|charge|garde) (?:\w+ ){{0,3}}{_ARMS}\b|"
    rf"\b{_ARMS} (?:\w+ ){{0,2}}dans (?:les|la|ses|sa) mains?\b|"
    rf"\bmenace (?:\w+ ){{0,5}}(?:avec|d) (?:un |une |son |sa )?{_ARMS}\b",
    r"\b(?:porte|fenetre)\b(?=.*\bpeur\b).*\b(?:suivie?|suit)\b|"
    r"\bsuivie? (?:\w+ ){0,2}(?:jusque?|chez)\b(?=.*\bpeur\b)",
    r"\b(?:monsieur|oncle|tonton|beau pere|prof|voisin|grand pere) (?:\w+ )?me touche\b",
    r"\b(?:me|nous) sequestrent?\b|\bhurl\w+ (?:\w+ ){0,3}coups\b|\bva(?:is|it)? (?:venir )?"
    r"bruler (?:ma|notre) maison\b",
    r"\b(?:mari|lui|il|copain|homme|patron|pere|fils|frere|conjoint|compagnon) (?:\w+ )?"
    r"(?:taper|tape|frapper|frappe|battre|bat|cogner|cogne|gifler|gifle) (?:\w+ )?"
    r"(?:moi|ma fille|mon fils|mes enfants?|enfants?|bebe|maman|femme)\b",
    r"\b(?:parents?|pere|mere|beau pere|oncle|mari|frere|tonton) (?:\w+ ){0,2}(?:tapent?|frappent?|"
    r"battent|enferment?|touche(?:nt)? la nuit|attouch\w*|abuse|viole)\b"
    r"(?! (?:sur les nerfs|du (?:systeme|site)))",
    r"\b(?:vient|viens) de (?:m |se faire |me faire |l |nous )?agresser\b(?! (?:verbalement|par))",
    r"\b(?:bleus?|coups?|traces de coups) partout\b|\bcris et (?:des )?coups\b",
    r"\b(?:peur|peure) (?:qu ?il|qu ?elle|k ?il|que (?:\w+ ){1,3}?) ?(?:me|nous|la|le|les) "
    r"(?:tue|tu|frappe|tape|retrouve|fasse du mal)\b|\b(?:me suit|me suivent) "
    r"(?=.*\b(?:peur|rue|bus|nuit)\b)",
    r"\bwill kill (?:me|her|us)\b|\bbate me\b|\bmeu marido bate\b",
    r"\b(?:taper|frapper|battre|cogner) moi\b(?! (?:un|une|le|la|les|des|mon|ma|ce))|"
    r"\bmoi (?:\w+ )?(?:frappee?|battue?)\b",
    r"\b(?:veut|va|vont|veulent|essaye de|essaie de|menace de) (?:me|nous|la|le) "
    r"(?:tuer|frapper|tabasser|violer|egorger|poignarder|buter|planter)\b",
    r"\b(?:suis|est|sommes) (?:\w+ )?(?:battue?s?|frappee?s?|maltraitee?s?|violentee?s?|"
    r"sequestree?s?|agressee?s?) (?:par|chez|a la maison|en ce moment|dans)\b",
    r"\bse fait (?:battre|frapper|tabasser|agresser|violer|etrangler|taper dessus|cogner)\b",
    r"\bsens? en danger\b|\bsuis en danger\b|\best en danger\b",
    r"\bviolences? (?:conjugales?|a la maison|domestiques?|dans mon couple)\b(?=.*\b(?:je|moi|me|"
    r"m|mon|ma|victime|subit|subis)\b)|\bvictime de violences?\b",
    r"\b(?:a|avec) un (?:couteau|fusil|flingue|pistolet)\b(?=.*\b(?:menace|devant|chez|peur|"
    r"vite|la|porte|crie)\b)|\b(?:menace\w*|devant (?:ma|la|notre|chez)|me suit|peur|crie)\b.*"
    r"\b(?:a|avec) un (?:couteau|fusil|flingue|pistolet)\b",
    r"\b(?:peur (?:de|pour) (?:lui|mon mari|mon conjoint|mon compagnon|ma vie))\b",
    r"\b(?:quelqu un|un homme|des types|ils|on) (?:\w+ ){0,3}(?:entre|entrer|force|forcer|"
    r"defonce|defoncer|rentre|rentrer) (?:\w+ ){0,2}(?:chez moi|ma porte|la porte|chez nous)\b",
    r"\b(?:hits|beats|hit|beating|hitting|raped|strangled) me\b|\bgoing to kill me\b|"
    r"\bhe has a (?:knife|gun)\b",
    r"\b(?:me pega|me golpea|me maltrata|quiere matarme)\b",
    r"\b(?:me bate|me bateu|quer me matar|me agride)\b|\bme va a pegar\b",
    r"\bmi (?:picchia|ammazza|violenta)\b|\b(?:schlagt|bedroht|wurgt) mich\b",
    r"\b(?:tap|tape|frap|frape|bat) (?:amwin|mwen|amoin|a mwen)\b|"
    r"\b(?:tchwe|tyouye|touye|tue|tiye) (?:mwen|amwin|amoin)\b",
    r"\b(?:kay|ky|y|kaye)d[ae]?rebni\b|\byadribuni\b|\bkaydarabni\b",
    r"\bbeni (?:dovuyor|dovdu|oldurecek)\b|\bkocam beni d\w+\b",
)
_OTHER_SCRIPTS = {
    Danger.SUICIDE: (
        "أريد أن أموت",
        "اريد ان اموت",
        "انتحار",
        "хочу умереть",
        "покончить с собой",
        "хочу померти",
    ),
    Danger.VITAL: ("لا يتنفس", "لا تتنفس", "не дышит", "без сознания"),
    Danger.FIRE: ("حريق", "النار في", "пожар"),
    Danger.VIOLENCE: (
        "يضربني",
        "ضربني",
        "يريد قتلي",
        "бьёт меня",
        "меня бьёт",
        "меня бьет",
        "бьет меня",
        "меня избил",
        "мене б'є",
        "мене бʼє",
        "вбити мене",
    ),
}
_READERS = {
    danger: tuple(re.compile(pattern) for pattern in patterns)
    for danger, patterns in (
        (Danger.VITAL, _VITAL),
        (Danger.SUICIDE, _SUICIDE),
        (Danger.FIRE, _FIRE),
        (Danger.VIOLENCE, _VIOLENCE),
    )
}
_NOT_MEANT = re.compile(
    r"\b(?:mourir de (?:rire|vieillesse|faim|honte|chaud|froid|soif|envie|trouille|ennui)|"
    r"mort\w* de (?:rire|fatigue|honte|faim|trouille)|"
    r"suicide (?:commercial|politique|numerique|financier)|"
    r"a (?:mourir|crever) de rire|(?:pleut|chaud|froid|drole|ennuie) (?:\w+ )?a (?:mourir|crever)|"
    r"mouri (?:grangou|fen|fin|swaf|ri)|mdr|lol|ptdr|blague|rigole|plaisante|"
    r"(?:l an|l annee|le mois) (?:dernier|derniere|passee?)|il y a (?:\w+ )?(?:ans?|mois|annees?)|"
    r"dans (?:un|le) (?:film|jeu|livre)|(?:film|livre|serie|roman) (?:ou|dans)|jeux? videos?|"
    r"a la tele|"
    r"je vais bien(?! (?:finir|me|mourir|sauter|en))|"
    r"brule\w* d (?:impatience|envie)|(?:va|vont|allez) me tuer si|feu au lac)\b"
)
"""Exaggerations, and what is long over: words that make a danger of none."""
_MACHINES = re.compile(
    r"\b(?:ordi\w*|pc|imprimante|tablette|telephone|portable|logiciel|site|appli\w*|box|"
    r"batterie|robot|machine|serveur|wifi|clavier|souris|connexion|programme)\b"
    r" (?:\w+ ){0,2}(?:fait un infarctus|ne repond plus|repond plus|respire|bouge plus|me bat|"
    r"me tue|crise cardiaque|fait (?:un|une) \w+|est mort\w*|rame|s est (?:ecroule|effondre)\w*)"
    r"|\b(?:arret|crise) cardiaque d\w* (?:mon|ma|l|la|le|cet|cette|ce) "
    r"|\b(?:jeter|balancer|passer) (?:\w+ ){0,2}(?:ordi\w*|pc|imprimante|tablette|telephone|"
    r"portable|box|souris|clavier) par la fenetre"
)


_WEARIES = re.compile(
    r"\b(?:demarches?|papiers?|paperasse|site|attente|dossiers?|formulaires?|procedures?|codes?|"
    r"administration|appli\w*|ordi\w*|pc|tablette|telephone|imprimante|ecran|batterie|internet|"
    r"robot|mot de passe|connexion)\b.*\b(?:tue|tuent|acheve|achevent|brule|chauffe|fume|explose|"
    r"lache|meurt|mort|morte|rend (?:fou|folle|dingue))\b"
    r"|\bpass\w* (?:toute )?(?:sa|leur|ma|mes|ses|la) (?:vie|journees?|nuits?) "
    r"(?:sur|devant|a|dans)\b"
    r"|\b(?:tue|tuent) a petit feu\b|\bmourir de rire\b"
)
"""What tires or overheats: a manner of speaking, or a machine."""


def exaggerates(text: str) -> bool:
    """Whether words of danger are a manner of speaking, or about a machine."""
    folded = fold(text)
    return any(pattern.search(folded) for pattern in (_NOT_MEANT, _MACHINES, _WEARIES))


def read_danger(text: str) -> Danger | None:
    """Return the danger that a message plainly tells, the most pressing first, or nothing."""
    for danger, phrases in _OTHER_SCRIPTS.items():
        if any(phrase in text for phrase in phrases):
            return danger
    folded = fold(text)
    if _NOT_MEANT.search(folded) or _MACHINES.search(folded):
        return None
    wordings = {folded, spell_out(folded)}
    for danger, patterns in _READERS.items():
        if any(pattern.search(words) for words in wordings for pattern in patterns):
            return danger
    return None
