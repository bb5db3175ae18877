"""Which of the languages that people write a message is in, where its words leave no doubt.

The model has its own reader, which must say a language of every message and says French when in
doubt. Here a doubt is said: what a person is told by the helpdesk changes language on clear words
only, and «ok», a name or a number changes nothing.
"""

from __future__ import annotations

import re

from actions.reading.fold import fold

FRENCH = "fr"

SURE = 2
"""Points from which a language is sure, if no other has as many."""

# Words that one of these languages uses all the time, and no other of them writes so; folded.
_COMMON = {
    FRENCH: (
        "je tu il elle nous vous ils elles mon ma mes ton votre vos notre leur ce cette ces est "
        "sont suis ai ont peux peut dois doit fait faire avec pour dans sur chez mais pas plus "
        "rien quoi quand comment combien pourquoi le les des du au aux et qui quel quelle moi "
        "ca quelqu un une"
    ),
    "en": (
        "the i my you your is are am was do does did have has what how where when who why which "
        "can could would should will need want with from this that these there they we he she "
        "his her to of for and it not any some someone much many please still lost get know "
        "help good morning evening nice other everything about ve"
    ),
    "es": (
        "el los las una donde cuando cuanto quien hay puedo puede quiero necesito tengo soy "
        "estoy del usted ustedes muy sin sobre mi y pero hacer perdido ayuda alguien tarjeta "
        "hablar con esto eso cerca busco su tiene"
    ),
    "pt": (
        "os um uma em onde quando quanto quem posso pode quero preciso tenho sou estou do da na "
        "no voce meu minha muito sem sobre e fazer perdi ajuda alguem nao falar com isso "
        "isto ao tem o ate depois tudo nossa nosso serve moro"
    ),
    "tr": (
        "bir bu ve nasil nerede icin benim ile kac kim zaman yok istiyorum lazim musunuz "
        "misiniz gibi daha cok nereden nereye bana beni hangi degil kaybettim yardim biri"
    ),
    "ar": (
        "wach wesh kifach kifash chnou chnowa fin win dyal dyali had hadi bghit nheb chhal "
        "bezaf bzaf kayn wakha mnin ana nta mazal"
    ),
}
# Words by which one greets, thanks or agrees: alone, they say the language.
_TELLING = {
    FRENCH: "bonjour bonsoir merci salut svp oui",
    "en": "hello hi hey thanks yes sorry goodbye",
    "es": "hola gracias buenos buenas adios",
    "pt": "ola obrigado obrigada sim bom boa tchau",
    "tr": "merhaba tesekkur tesekkurler evet hayir lutfen",
    "ar": "salam choukran chokran 3afak labas bslama",
}
_ARABIZI = re.compile(r"(?<!\w)(?:[a-z]+[379][a-z]+|[379][a-z]{2,})(?!\w)")
"""Maghrebi Arabic in Latin letters: 3, 7 and 9 stand for sounds that Latin has no letter for."""
_MARKS = {"tr": "ğışİ", "pt": "ãõ", "es": "ñ¿¡"}
"""Letters and signs that one of these languages alone writes."""
_SCRIPTS = {
    "ru": re.compile("[\u0400-\u04ff]"),
    "ar": re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"),
}
_SCRIPT_SHARE = 0.5
_WORD = re.compile(r"[^\W_]+")

LANGUAGES = (FRENCH, "en", "ar", "tr", "pt", "es", "ru")
"""The languages that the assistant reads, French first."""

_POINTS = {
    language: {
        **dict.fromkeys(_COMMON[language].split(), 1),
        **dict.fromkeys(_TELLING[language].split(), SURE),
    }
    for language in _COMMON
}


def written_language(text: str) -> str:
    """Return the language of a message, of ``LANGUAGES``; empty where it is not sure."""
    if text.startswith("/"):
        return ""  # a command
    letters = sum(c.isalpha() for c in text)
    for language, script in _SCRIPTS.items():
        if letters and len(script.findall(text)) > letters * _SCRIPT_SHARE:
            return language
    words = _WORD.findall(fold(text).replace("ı", "i"))
    points = {
        language: sum(known.get(word, 0) for word in words) for language, known in _POINTS.items()
    }
    points["ar"] += SURE * len(_ARABIZI.findall(text.lower()))
    for language, marks in _MARKS.items():
        points[language] += SURE * any(mark in text for mark in marks)
    best, second = sorted(points.values(), reverse=True)[:2]
    if best < SURE or best == second:
        return ""
    return next(language for language, count in points.items() if count == best)
