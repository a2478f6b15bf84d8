"""The monthly report: what a division's month cost and brought, by mail and as a page to print.

What must stay true: a month is told once (`make.py`), from the rollups as they were then, and each
recipient's mail is sent once or still owed (`send.py`). What was told is kept as it was (`told.py`)
and nothing that shows it reckons anew.
"""
