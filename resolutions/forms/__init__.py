"""What is typed into the agent's pages: kept as it was typed, and read for the acts."""
