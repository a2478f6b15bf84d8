"""Trying a change on the past: what would have been decided differently, and what it would cost.

- `asked.py` says what was asked once, and what was given before: plain values.
- `replay.py` is the pure comparison of two rulebooks, request by request; it stands on
  `bearing.py` (what the change can bear on), `difference.py`, `elsewhere.py` (what is given where
  the change holds) and `again.py` (what is asked because more was refused).
- `past.py`, `limits.py` and `earlier.py` read the past, a few hundred requests at a time.
- `totals.py` adds the differences up, `months.py` says what they would do to people's months.
- `trials.py` starts trials, `runner.py` runs them and sweeps old ones away; `write.py` keeps what
  they found, `words.py` says it.

What must stay true: nothing of the past is changed, the same trial has the same result, and a
rulebook that decides the same shows no difference.

What is assumed, and told on the page:

- Who asked had the limit that their tier, or they themselves, had at that moment. Customers are
  as they are today; of a case what was told of it by now counts.
- The budget of the month is no bound here. What a change does to months is reported instead.
- What can't be explained by the rules of then (the money was used up, somebody lent more) stays as
  it was, and is counted.
- After something was refused, the same or less of it, asked by the same person for the same
  customer and order within a quarter of an hour, was asked instead: had the first been given, it
  would not have been. Something else that was given instead still counts as given.
- What was given back counts as not given.
"""
