"""A talk with whoever is called, recorded as it went: one machinery for every kind of task that asks for one.

A kind uses it in five places::

    page=TaskPage(
        form=with_tries(calling, form, TALKS),  # the list "How did it go?" stands first; the kind's own
                                             # questions follow where they talked
        details=with_told(calling, details),    # the tries so far, and what the rule still asks for
        template=...,                        # includes "calls/tries.html"
        recorded=recorded,                   # a try can be corrected
    ),
    decide=or_try(decide),                   # hears of talks only, with ``talked`` in its values
    outcomes=frozenset({..., *OUTCOMES}),
    words=TaskWords(...),                         # a sentence for each of OUTCOMES
    policy=TaskPolicy(many=True, ...),       # a try is an entry, and the task stays

A try takes two presses. It gives the task its standard's time again, a wish to be called later gives it
that moment, and after the standard's tries the end ``unresponsive`` is offered: the type of case says in its
``Calling`` what it does.
"""
