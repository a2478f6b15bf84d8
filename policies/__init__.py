"""What may be given, when, and why."""
