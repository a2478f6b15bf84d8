"""Setting up, starting, refusing to start, and telling how it is."""
