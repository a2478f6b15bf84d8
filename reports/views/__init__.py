"""Reports, which managers read too, and finance's pages."""
