"""A second type of case, which lives only here: proof that the engine works on cases.

The Network lends equipment (a sound meter, a weighted blanket). A borrower asks, the coordinator
lends or refuses, the borrower brings it back. Three statuses, two kinds of task for two parties, one
machine, letters in two languages.
"""
