"""Which of the seven languages a message is written in: by script and function words."""

from __future__ import annotations

import re

from nlu.components.text import fold

_WORDS = {
    "fr": (
        "je tu il elle on nous vous le la les un une des du de et est pas que qui quoi pour "
        "dans sur avec mon ma mes ce cette ca c j l d qu y ai suis sont peut peux ou au aux en "
        "comment combien quand bonjour merci oui non svp salut quel quelle bonsoir mais si ne n "
        "t s m moi toi lui faut fait faire va plus tout tous chez vos votre notre leur leurs "
        "ils elles a-t etre avoir"
    ),
    "en": (
        "the i you is are do does my what how where when can to of for and it this that have "
        "has who me we they there with get need want please hello hi thanks thank yes no not "
        "will an in your would could be was am if much many long any some one which why did "
        "from at by or but so no-one he she his her its our us up out about them their open "
        "near find know someone somewhere cheques vouchers booklet still free learn computer "
        "tell more sorry bye good morning evening"
    ),
    "es": (
        "el los las que como donde cuando para por con mi una es en y hay puedo quiero hola "
        "gracias si no cuanto quien se lo necesito esta este soy tengo del al usted ustedes muy "
        "sin sobre cuantos cuantas cual otro otra buenos buenas adios ayuda de un"
    ),
    "pt": (
        "o os as que como onde quando para por com meu minha uma e em ha posso quero ola "
        "obrigado obrigada sim nao quanto quem se preciso esta este sou tenho do da no na voce "
        "tem um ao isso bom boa dia tarde noite outro outra ajuda de pela pelo ate"
    ),
    "ar": (
        "wach wesh kifach chnou chnowa fin win chi dyal dyali had hadi bghit nheb chhal bezaf "
        "bzaf mazal kayn salam choukran chokran wakha mnin 3la ana nta labas yallah bslama "
        "3afak"
    ),
    "tr": (
        "bir bu ve ne nasil nerede var mi mu icin ben benim ile da de kac kim zaman merhaba "
        "tesekkur evet hayir yok istiyorum lazim gibi daha cok nereye nereden mı musunuz "
        "misiniz miyim nasilsiniz bana beni bunu su hangi gun iyi tamam olur yardim"
    ),
}
_ARABIZI = re.compile(r"(?<!\w)(?:[a-z]+[379][a-z]+|[379][a-z]{2,}[a-z]*)(?!\w)")
"""Maghrebi Arabic in Latin letters: 3, 7 and 9 stand for sounds that Latin has no letter for."""
_FUNCTION_WORDS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_LETTERS = {"tr": "ğışİ", "pt": "ãõ", "es": "ñ¿¡"}
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")


def detect_language(text: str) -> str:
    """Return ``fr``, ``en``, ``ar``, ``tr``, ``pt``, ``es`` or ``ru``; ``fr`` when in doubt."""
    letters = sum(c.isalpha() for c in text) or 1
    if len(_ARABIC.findall(text)) > letters * 0.3:
        return "ar"
    if len(_CYRILLIC.findall(text)) > letters * 0.3:
        return "ru"
    words = re.findall(r"[^\W\d_]+", fold(text).replace("ı", "i"))
    scores = {lang: sum(w in known for w in words) for lang, known in _FUNCTION_WORDS.items()}
    scores["ar"] += 2 * len(_ARABIZI.findall(text.lower()))
    for language, marks in _LETTERS.items():
        scores[language] += 2 * any(c in marks for c in text)
    best = max(scores, key=lambda language: (scores[language], language == "fr"))
    return best if scores[best] > scores["fr"] else "fr"
