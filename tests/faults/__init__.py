"""The fault harness: everything that can go wrong between the house and AWS, provoked on purpose.

``ledger`` is the table in this process, ``wire`` breaks calls to AWS, ``house`` is the theater on
both, ``acts`` is what people and machines do, ``invariants`` what must hold whatever happens,
``stories`` plays seeds, ``rows`` runs the tests of each fault of docs/promises.md, ``mutants`` removes
each guard in turn. ``python -m tests.faults`` is the long run.
"""
