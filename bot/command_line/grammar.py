"""The commands and their options, in French."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from bot.settings import SettingsError, parse_day


class _Parser(argparse.ArgumentParser):
    """An ``argparse`` parser that speaks French and complains in one line."""

    def error(self, message: str) -> NoReturn:
        for english, french in _TRANSLATIONS:
            message = message.replace(english, french)
        message = " ".join(message.split())
        self.exit(2, f"{self.prog} : {message}. Voir « {self.prog} --help ».\n")


_TRANSLATIONS = (
    ("the following arguments are required:", "il manque :"),
    ("unrecognized arguments:", "arguments inconnus :"),
    ("invalid choice:", "choix inconnu :"),
    ("choose from", "au choix :"),
    ("expected one argument", "il faut une valeur"),
    ("invalid int value:", "il faut un nombre entier, pas"),
    ("not allowed with argument", "incompatible avec"),
    ("argument ", ""),
)


def _day(text: str) -> object:
    try:
        return parse_day(text)
    except SettingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _limit(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("il faut un nombre entre 1 et 1000")
    return number


class _Commands:
    """Adds commands that all share the same ways."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._found = parser.add_subparsers(
            title="commandes", metavar="COMMANDE", required=True, parser_class=_Parser
        )

    def add(self, name: str, target: str, does: str) -> argparse.ArgumentParser:
        parser = self._found.add_parser(
            name, help=does, description=does[0].upper() + does[1:] + ".", add_help=False
        )
        _help(parser)
        module, _, function = target.partition(".")
        parser.set_defaults(module=module, function=function)
        return parser

    def group(self, name: str, does: str) -> _Commands:
        parser = self._found.add_parser(name, help=does, description=does, add_help=False)
        _help(parser)
        return _Commands(parser)


def _talk(commands: _Commands) -> None:
    chat = commands.add("chat", "talk.chat", "ouvre la conversation dans le terminal")
    _date(chat)

    ask = commands.add("ask", "talk.ask", "répond à chaque ligne de l'entrée standard")
    _json(ask)
    _date(ask)
    ask.add_argument(
        "--conversation",
        action="store_true",
        help="une seule personne dit toutes les lignes (sinon, une nouvelle à chaque ligne)",
    )

    trace = commands.add("trace", "trace.trace", "montre ce que chaque étape fait d'un message")
    trace.add_argument("text", nargs="+", metavar="TEXTE", help="le message")
    _json(trace)
    _date(trace)

    parse = commands.add("parse", "talk.parse", "dit comment chaque ligne est comprise")
    _json(parse)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; what it reads names the ``module`` and ``function`` to run."""
    parser = _Parser(
        prog="passerelle",
        description="Passerelle répond aux questions sur le Pass numérique : "
        "lieux, appel à projets, relais humain.",
        epilog="Configuration : variables PASSERELLE_* et TELEGRAM_BOT_TOKEN, ou un fichier .env.",
        add_help=False,
    )
    _help(parser)
    commands = _Commands(parser)

    run = commands.add("run", "serve.run", "démarre tout l'assistant, surveillé")
    _date(run)
    _talk(commands)

    _places(commands.group("places", "l'annuaire des lieux"))

    simulate = commands.add("simulate", "simulate.simulate", "calcule l'aide d'un projet décrit")
    simulate.add_argument(
        "text", nargs="*", metavar="TEXTE", help="le projet ; sans texte, un par ligne lue"
    )
    _json(simulate)
    _date(simulate)
    simulate.add_argument("--pdf", type=Path, metavar="FICHIER", help="écrit aussi la fiche en PDF")

    facts = commands.group("facts", "les faits dont l'assistant parle")
    check = facts.add("check", "facts.check", "dit ce qui ne va pas dans les faits et les appels")
    check.add_argument(
        "folder", nargs="?", type=Path, metavar="DOSSIER", help="sinon, data/ du programme"
    )
    _json(check)

    train = commands.add("train", "model.train", "entraîne le modèle si ses données ont changé")
    train.add_argument("--force", action="store_true", help="entraîne même si rien n'a changé")
    evaluate = commands.add("evaluate", "model.evaluate", "mesure la compréhension")
    evaluate.add_argument("--data", type=Path, metavar="FICHIER", help="un fichier topic<TAB>text")
    evaluate.add_argument(
        "--train", type=Path, metavar="FICHIER", help="apprend de ce fichier plutôt que du projet"
    )
    evaluate.add_argument(
        "--report", type=Path, metavar="DOSSIER", help="où écrire le rapport (report/ du dossier)"
    )
    evaluate.add_argument(
        "--stock",
        action=argparse.BooleanOptionalAction,
        help="compare avec Rasa sans réglage (plusieurs minutes)",
    )
    _json(evaluate)

    doctor = commands.add(
        "doctor", "maintenance.doctor", "dit ce qui ne va pas dans cette installation"
    )
    _json(doctor)
    commands.add("purge", "maintenance.purge", "efface ce qui a dépassé sa durée de conservation")

    keep = commands.add("backup", "backup.backup", "sauvegarde ce qui est précieux, en marche")
    keep.add_argument("file", type=Path, metavar="FICHIER", help="l'archive à écrire (.tar.gz)")
    put_back = commands.add("restore", "backup.restore", "remet une sauvegarde, à l'arrêt")
    put_back.add_argument("file", type=Path, metavar="FICHIER", help="l'archive")
    put_back.add_argument("--replace", action="store_true", help="remplace ce qui est là")
    move = commands.add("move", "backup.move_to", "déplace tout vers PostgreSQL, et vérifie")
    move.add_argument("url", metavar="ADRESSE", help="postgresql://…, une base vide")
    _json(move)

    _helpdesk(commands)

    _web(commands)

    _telegram(commands)

    inbox = commands.group("inbox", "les questions mal comprises")
    export = inbox.add(
        "export", "helpdesk.export_inbox", "écrit les questions classées en exemples"
    )
    export.add_argument("file", nargs="?", type=Path, metavar="FICHIER", help="sinon, à l'écran")
    return parser


def _telegram(commands: _Commands) -> None:
    poster = commands.add("poster", "poster.make", "écrit une affiche dont le code ouvre le bot")
    about = poster.add_mutually_exclusive_group()
    about.add_argument(
        "--lieu", default="", metavar="57000", help="les lieux près d'un code postal, d'une commune"
    )
    about.add_argument("--aap", action="store_true", help="l'appel à projets")
    poster.add_argument("--bot", default="", metavar="NOM", help="le nom du bot, sinon on demande")
    poster.add_argument("file", nargs="?", type=Path, metavar="FICHIER", help="le PDF à écrire")
    _json(poster)
    who = "telegram:NUMÉRO, ou le début du code que le relais affiche"
    refuse = commands.add("block", "block.block", "ne répond plus à une personne")
    refuse.add_argument("who", metavar="PERSONNE", help=who)
    accept = commands.add("unblock", "block.unblock", "répond de nouveau à une personne")
    accept.add_argument("who", metavar="PERSONNE", help=who)
    _json(commands.add("blocked", "block.show", "montre à qui l'assistant ne répond plus"))


def _helpdesk(commands: _Commands) -> None:
    helpdesk = commands.group("helpdesk", "les personnes qui répondent")
    agent = helpdesk.add(
        "add-agent", "helpdesk.add_agent", "ajoute une personne ou change son mot de passe"
    )
    agent.add_argument("name", metavar="NOM", help="le nom de connexion")
    agent.add_argument(
        "--role", choices=("agent", "supervisor"), default="agent", help="agent par défaut"
    )
    guest = helpdesk.add(
        "invite", "helpdesk.invite", "fait le lien par lequel une personne choisit son mot de passe"
    )
    guest.add_argument("name", metavar="NOM", help="le nom de connexion")
    guest.add_argument(
        "--role", choices=("agent", "supervisor"), default="agent", help="agent par défaut"
    )
    lost = helpdesk.add(
        "reset-second-factor", "helpdesk.reset_second_factor", "retire un second facteur perdu"
    )
    lost.add_argument("name", metavar="NOM", help="le nom de connexion")
    leaver = helpdesk.add("remove-agent", "helpdesk.remove_agent", "ferme le compte d'une personne")
    leaver.add_argument("name", metavar="NOM", help="le nom de connexion")


def _web(commands: _Commands) -> None:
    site = commands.group("site", "les sites qui portent le bouton de l'assistant")
    add = site.add(
        "add", "web.add_site", "ajoute un site, ou le change, et donne sa ligne à coller"
    )
    add.add_argument("name", metavar="NOM", help="un nom court : lettres minuscules et tirets")
    add.add_argument(
        "--origin",
        action="append",
        required=True,
        metavar="ADRESSE",
        help="l'adresse du site, https://www.exemple.fr (plusieurs fois s'il en a plusieurs)",
    )
    add.add_argument("--title", required=True, metavar="TITRE", help="ce que le bouton affiche")
    add.add_argument(
        "--departement", default="", metavar="57", help="où chercher les lieux par défaut"
    )
    add.add_argument(
        "--helpdesk-hours", default="", metavar="HORAIRES", help="ceux de son service d'aide (OSM)"
    )
    _json(add)
    _json(site.add("list", "web.list_sites", "montre les sites, leur ligne et leurs chiffres"))
    gone = site.add("remove", "web.remove_site", "retire un site : son bouton ne répond plus")
    gone.add_argument("name", metavar="NOM", help="le nom du site")
    channel = commands.add("channel", "web.switch", "ouvre ou ferme un canal, en cinq secondes")
    channel.add_argument(
        "channel", choices=("telegram", "web"), metavar="CANAL", help="web ou telegram"
    )
    channel.add_argument("order", choices=("on", "off"), metavar="on|off", help="ouvert ou fermé")


def _places(places: _Commands) -> None:
    load = places.add("import", "places.load", "charge un annuaire de lieux")
    load.add_argument("source", metavar="FICHIER-ou-URL", nargs="+", help="CSV ou JSON")
    _force(load)
    _json(load)
    near = places.add("near", "near.near", "cherche les lieux proches")
    near.add_argument("text", nargs="*", metavar="TEXTE", help="où ; sans texte, un par ligne lue")
    near.add_argument("--limit", type=_limit, default=3, metavar="N", help="lieux au plus (3)")
    _json(near)
    _date(near)
    stats = places.add("stats", "places.stats", "dit ce que l'annuaire contient et vaut")
    _json(stats)
    _date(stats)
    stats.add_argument(
        "--html", type=Path, metavar="FICHIER", help="écrit aussi un rapport avec une carte"
    )
    refresh = places.add("refresh", "places.refresh", "recharge PASSERELLE_PLACES_SOURCES")
    _force(refresh)
    _json(refresh)
    chart = places.add("map", "places.chart", "dessine la couverture en une page HTML")
    chart.add_argument("file", type=Path, metavar="FICHIER", nargs="?", default=Path("lieux.html"))


def _help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-h", "--help", action="help", help="montre cette aide")


def _force(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--force", action="store_true", help="même inchangé, ou réduit de moitié ou plus"
    )


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="un objet JSON par ligne")


def _date(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--date", type=_day, metavar="AAAA-MM-JJ", help="vit ce jour-là (par défaut aujourd'hui)"
    )
