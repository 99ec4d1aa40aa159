"""The fault harness: everything that can go wrong between the house and AWS, provoked on purpose.

``ledger`` is the table in this process, ``wire`` breaks calls to AWS, ``house`` is the theater on
both, ``acts`` is what people and machines do, ``invariants`` what must hold whatever happens,
``stories`` plays seeds, ``matrix`` maps the rows of the fault matrix to tests, ``mutants`` removes
each guard in turn. ``python -m tests.faults`` is the long run.
"""
