"""Modules: what is studied and practised, and what each answer shows."""
