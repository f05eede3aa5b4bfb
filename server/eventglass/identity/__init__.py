"""Persons: which ids are one, and what is known of them."""
