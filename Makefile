# Few verbs, the same by hand and in continuous integration.
# Needs python3 and make; everything else lands in .venv/, nlu/.venv/, .tools/ and .passerelle/.
.PHONY: help setup run voice check quick test lint train docs bench soak lock audit mutants
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help:
	@echo "make run     installe ce qui manque et démarre l'assistant"
	@echo "make voice   installe de quoi comprendre les messages vocaux (en option)"
	@echo "make check   vérifie le code et passe les tests rapides, en moins d'une minute"
	@echo "make test    installe ce qui manque, vérifie le code et passe tous les tests"
	@echo "make lint    vérifie le code sans passer les tests"
	@echo "make train   entraîne le modèle si ses données ont changé"
	@echo "make bench   mesure l'assistant à côté de Rasa d'origine, et écrit docs/bench.md"
	@echo "make docs    redessine docs/architecture.md et docs/reading.md d'après le code"
	@echo "make mutants change le code des cœurs, et dit ce qu'aucun test ne voit"
	@echo "make soak    1 500 messages, des pannes partout : rien de perdu, doublé ni en désordre ?"
	@echo "make lock    recalcule les requirements.lock"
	@echo "make audit   cherche les failles connues des paquets installés"

setup: .venv/.ready nlu/.venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	@sh scripts/environment.sh .venv requirements.lock "Assistant"
	@uv=$$(sh scripts/get_uv.sh) && $$uv pip install --quiet --python .venv/bin/python --no-deps --editable .
	@touch $@

nlu/.venv/.ready: nlu/requirements.lock
	@sh scripts/environment.sh nlu/.venv nlu/requirements.lock "Rasa"
	@touch $@

run: setup
	@.venv/bin/passerelle run

# Ears for voice messages, an option: an environment of their own, and the weights in the home.
voice: voice/.venv/.ready
	@voice/.venv/bin/python voice/weights.py "$${PASSERELLE_HOME:-.passerelle}/voice"
	@echo "→ Voix : prête au prochain démarrage."

voice/.venv/.ready: voice/requirements.lock
	@sh scripts/environment.sh voice/.venv voice/requirements.lock "Voix"
	@touch $@

train: setup
	@.venv/bin/passerelle train

lint: setup
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	.venv/bin/python -m scripts.lint_clock
	.venv/bin/python -m scripts.lint_names
	.venv/bin/python -m scripts.architecture --check
	.venv/bin/passerelle facts check

# The loop of work: words, facts, topics, handlers, mechanics; neither Rasa, a browser nor a server.
QUICK = tests/test_*.py tests/answers/test_table.py tests/answers/test_loader.py tests/conversation tests/handlers tests/scripts tests/terminal \
	tests/programme/test_facts.py tests/programme/test_check.py tests/programme/test_new_call.py \
	tests/reading/test_*.py tests/helpdesk/test_decision.py tests/helpdesk/test_states.py

# Two at a time: each has its own home, databases and browser; one of them has the stack.
WORKERS = -n 2 --dist loadgroup

check: setup
	@$(MAKE) --no-print-directory -j2 lint quick

quick: setup
	.venv/bin/python -m pytest -m "not stack and not browser and not postgres" $(WORKERS) $(QUICK)

test: lint train
	.venv/bin/python -m pytest --ignore=tests/nlu $(WORKERS)
	nlu/.venv/bin/python -m pytest tests/nlu

docs: setup
	.venv/bin/python -m scripts.architecture
	.venv/bin/python -m scripts.reading_page

bench: setup
	.venv/bin/python -m scripts.bench

# Such as: make soak SOAK="--messages 20000 --people 2000", or one without faults:
# make soak SOAK="--faults 0 --redelivered 0 --kills 0 --hurry 0", or two replicas, one killed at random:
# make soak SOAK="--replicas 2 --database postgres --kills 10 --messages 3000 --people 300"
soak: setup
	.venv/bin/python -m scripts.soak $(SOAK)

lock:
	@uv=$$(sh scripts/get_uv.sh); \
	compile="$$uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate"; \
	$$compile --extra dev pyproject.toml --output-file requirements.lock && \
	for folder in nlu nlu/stock voice; do \
		(cd $$folder && $$compile pyproject.toml --output-file requirements.lock) || exit 1; \
	done

# Changes the pure cores one operator at a time ([tool.mutmut] says which), and tells what no test saw.
mutants: setup
	.venv/bin/mutmut run
	.venv/bin/mutmut results

# Known advisories, asked of the registry: where it does not publish them, this fails and says so.
# The comparison's environment (nlu/stock) faces nobody and is left out: it is old Rasa as it is.
audit:
	@uv=$$(sh scripts/get_uv.sh); \
	for lock in requirements.lock nlu/requirements.lock; do \
		echo "→ $$lock"; \
		$$uv tool run --quiet pip-audit --strict --disable-pip --no-deps --progress-spinner off -r $$lock || exit 1; \
	done
