"""Bringing a Space on the Hub to what is wanted of it: idempotent steps, each looking before it acts."""
