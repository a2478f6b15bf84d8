"""What it cost and what it brought: measures, the monthly report, exports and charts."""
