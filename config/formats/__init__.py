"""How dates are written where nothing else is said: the same for everyone, and no puzzle."""
