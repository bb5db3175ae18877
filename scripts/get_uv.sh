#!/bin/sh
# Prints the path of uv. Uses the one on PATH; otherwise installs it once in .tools/
# with nothing but python3, from whatever registry this machine's pip is set up for.
set -eu
cd "$(dirname "$0")/.."

if command -v uv >/dev/null 2>&1; then
    command -v uv
    exit 0
fi
if [ -x .tools/uv/bin/uv ]; then
    echo "$PWD/.tools/uv/bin/uv"
    exit 0
fi

echo "→ Installation de uv (le gestionnaire de paquets) dans .tools/…" >&2
rm -rf .tools/uv
mkdir -p .tools
# Debian's python3 may come without ensurepip, hence without a usable venv: pip alone will do.
if python3 -m venv .tools/uv >/dev/null 2>&1 && .tools/uv/bin/python -m pip --version >/dev/null 2>&1; then
    .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check uv >&2
elif python3 -m pip --version >/dev/null 2>&1; then
    rm -rf .tools/uv
    python3 -m pip install --quiet --disable-pip-version-check --target .tools/uv uv >&2
else
    rm -rf .tools/uv
    echo "Il manque un outil pour installer uv : ajoutez le module venv ou pip à python3" >&2
    echo "(par exemple : apt-get install python3-venv), ou installez uv vous-même, puis recommencez." >&2
    exit 1
fi
[ -x .tools/uv/bin/uv ] || { echo "uv n'a pas pu être installé dans .tools/." >&2; exit 1; }
echo "$PWD/.tools/uv/bin/uv"
