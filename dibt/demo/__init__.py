"""The demo world: a small living site, built through the domain functions by `manage.py demo`.

Whatever is here was done by somebody who may do it, at a moment in the past; nothing is written past the
domain. Who annotates when, and what they answer, is drawn by a chance that is the same at every building.
"""
