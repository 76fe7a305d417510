"""Which environment variables are settings: those that `dibt/settings.py` reads."""

import re
from pathlib import Path

SETTINGS = Path(__file__).resolve().parent.parent / "dibt" / "settings.py"
READ = re.compile(r'\benv\.\w+\(\s*"([A-Z][A-Z0-9_]+)"')


def known() -> frozenset[str]:
    """Their names."""
    return frozenset(READ.findall(SETTINGS.read_text(encoding="utf-8")))
