"""What was measured of a division in some days, put together as the page of reports tells it."""
