"""What templates say of gaps."""
