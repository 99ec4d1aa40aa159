"""The fault harness: everything that can go wrong between the product and AWS, provoked on purpose.

``fake_table`` is the table in this process, ``fault_injector`` breaks calls to AWS, ``harness`` is the
lifecycle harness on both. ``acts`` and ``acts_of_machines`` are what happens to a case of any type, ``script``
is what is told of one, ``referrals`` the referral's; ``invariants`` is what must hold whatever happens.
``stories`` plays random stories, ``single_faults`` breaks one call at a time, ``rows`` runs the tests of each
fault of docs/promises.md, ``mutants`` removes each guard in turn. ``python -m tests.faults`` is the long run.
"""
