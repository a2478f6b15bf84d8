"""The manager's door, tried as a browser would: pages are read, filled in and sent back."""
