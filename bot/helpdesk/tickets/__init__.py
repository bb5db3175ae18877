"""Tickets: what became of each request for a person."""
