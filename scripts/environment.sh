#!/bin/sh
# environment.sh VENV LOCK WHAT: makes a Python 3.11 environment hold exactly what the lock says.
set -eu
venv=$1 lock=$2 what=$3
uv=$(sh "$(dirname "$0")/get_uv.sh")

if [ ! -x "$venv/bin/python" ]; then
    echo "→ $what : création de $venv (Python 3.11)…"
    "$uv" venv --quiet --python 3.11 "$venv" || {
        echo "Python 3.11 est introuvable et n'a pas pu être téléchargé : installez-le, puis recommencez." >&2
        exit 1
    }
fi
echo "→ $what : installation des paquets de $lock (quelques minutes la première fois)…"
"$uv" pip sync --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes "$lock"
