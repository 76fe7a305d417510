"""The app in a Space: as much of Argilla's server as tells whether it is up, whose it is, and whether it remembers.

Addresses, answers and refusals are those of argilla-server 2.8; its annotation interface is not here.
"""
