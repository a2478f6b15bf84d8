"""The rollups: counted from the raw rows, kept up as things happen, and proven every night."""
