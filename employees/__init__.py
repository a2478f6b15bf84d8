"""Who works here and how far their word goes."""
