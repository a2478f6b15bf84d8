"""Exports: everything that costs money, in the formats finance uses, at the speed of the database.

A `Table` says what can be exported and in which columns; a `Column` is of a `Kind`, which knows how
its values are written in each format. `pull` carries an export out.
"""
