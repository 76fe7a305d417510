"""Spaces beyond their repository: stages, hardware, secrets, variables, volumes, logs, the app's own address."""
