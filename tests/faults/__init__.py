"""The fault harness: everything that can go wrong between the product and AWS, provoked on purpose.

``fake_table`` is the table in this process, ``fault_injector`` breaks calls to AWS, ``harness`` is the
lifecycle harness on both, ``acts`` is what people and machines do, ``invariants`` what must hold whatever happens,
``stories`` plays random stories, ``rows`` runs the tests of each fault of docs/promises.md, ``mutants`` removes
each guard in turn. ``python -m tests.faults`` is the long run.
"""
