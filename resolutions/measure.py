"""The measure of what was given or refused, as its columns keep it."""

from decimal import Decimal


def measure_of(face_value: Decimal, quantity: int | None) -> Decimal:
    """The quantity, or where there is none the amount at face value in the division's currency."""
    return face_value if quantity is None else Decimal(quantity)
