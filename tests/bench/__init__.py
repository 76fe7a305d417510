"""Measurements: `./bench NAME` runs `tests/bench/NAME.py`, whose `measure(bench, site)` does it.

Servers are started for the occasion, so that a measurement is the same on every machine: `servers.Site` is
where the site is, `visitor.Visitor` somebody who asks it over HTTP, `harness.Bench` what was found.
"""
