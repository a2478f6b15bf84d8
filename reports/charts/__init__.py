"""Charts: each described once (`chart.py`), and drawn for pages and for mails.

`by_month.py`, `use_of_budgets.py` and `ranked.py` describe those there are. `svg.py` draws for
pages, whose style sheet gives the colours of day and night; `png.py` for mails.
"""
