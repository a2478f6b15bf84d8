"""A division's rules as the spreadsheet that managers keep: one row a rule, in CSV or XLSX.

What must stay true: an export that is brought in again changes nothing, nothing is written for
looking at a file, and a file can do no more than its owner can do by hand.
"""
