"""A customer's problem and how it was put right."""
