"""Promises that Leeway keeps, told as tests; real rows, real servers, no mocks."""
