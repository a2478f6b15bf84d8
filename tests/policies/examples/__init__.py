"""What authority answers in cases from the trade, each as a promise."""
