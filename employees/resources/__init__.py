"""People and tiers as CSV files, and what the files of all apps have in common."""
