"""The Rasa assistant, alone in its environment.

Each numeric library starts a thread a core unless it is told otherwise before it is loaded. One
message is too little work to share: on two busy cores the threads wait for each other, and a
reading of 20 ms takes 300 to 600 (measured). One thread each; messages are what runs side by side.
"""

import os

for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
