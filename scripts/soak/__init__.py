"""People by the hundred, faults by the thousand: what each of them reads, checked one by one.

``python -m scripts.soak --help``
"""
