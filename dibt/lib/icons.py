"""The site's icons: strokes in a 24 × 24 box, drawn in the colour of the text around them."""

# ruff: noqa: E501 - a drawing does not break well

from typing import Final

ICONS: Final[dict[str, str]] = {
    "arrow": '<path d="M4 12h15M13 6l6 6-6 6"/>',
    "bell": '<path d="M6 10a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4S6 15 6 10zM10 20a2.2 2.2 0 0 0 4 0"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2.5"/><path d="M3.5 10h17M8 2.8v4M16 2.8v4"/>',
    "chart": '<path d="M4 20.5h16M7 17v-5M12 17V5M17 17V9"/>',
    "chat": '<path d="M4 5.5h16v11H11l-4.5 4v-4H4z"/>',
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "chevron": '<path d="m9 5 7 7-7 7"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "copy": '<rect x="8.5" y="8.5" width="12" height="12" rx="2.5"/><path d="M15.5 5.5a2 2 0 0 0-2-2h-8a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "database": '<ellipse cx="12" cy="6" rx="8" ry="3"/><path d="M4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3"/>',
    "document": '<path d="M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h5"/>',
    "down": '<path d="m5 9 7 7 7-7"/>',
    "download": '<path d="M12 3.5v12M6.5 10.5l5.5 5.5 5.5-5.5M4 20.5h16"/>',
    "edit": '<path d="M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19zM14 6.5l3.5 3.5"/>',
    "external": '<path d="M14 4h6v6M20 4l-9 9M18 14v6H4V6h6"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>',
    "filter": '<path d="M3.5 6h17M7 12h10M10.5 18h3"/>',
    "flag": '<path d="M5.5 21V4M5.5 4.5h12l-2.5 4 2.5 4h-12"/>',
    "gear": '<circle cx="12" cy="12" r="3.2"/><path d="M12 2.8v3M12 18.2v3M2.8 12h3M18.2 12h3M5.5 5.5l2.1 2.1M16.4 16.4l2.1 2.1M18.5 5.5l-2.1 2.1M7.6 16.4l-2.1 2.1"/>',
    "globe": '<circle cx="12" cy="12" r="8.7"/><path d="M3.3 12h17.4M12 3.3c5 5 5 12.4 0 17.4M12 3.3c-5 5-5 12.4 0 17.4"/>',
    "grip": '<path d="M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01"/>',
    "heart": '<path d="M12 20S3.5 15 3.5 8.8A4.6 4.6 0 0 1 12 6.3a4.6 4.6 0 0 1 8.5 2.5C20.5 15 12 20 12 20z"/>',
    "home": '<path d="m3.5 11.5 8.5-8 8.5 8M6 9.5v11h12v-11M10 20.5v-6h4v6"/>',
    "info": '<circle cx="12" cy="12" r="8.7"/><path d="M12 11v5.5M12 7.6v.01"/>',
    "key": '<circle cx="8" cy="15.5" r="4.5"/><path d="M11.2 12.3 20 3.5M16.5 7l3 3"/>',
    "language": '<path d="M3 6h11M8.5 3.5V6M12 6c-1 4.5-4.5 8-8.5 9.5M5.5 9c1.5 3 4 5 7 6M12.5 20.5l4.5-11 4.5 11M14 17h6"/>',
    "list": '<path d="M9 6h11M9 12h11M9 18h11M4.5 6v.01M4.5 12v.01M4.5 18v.01"/>',
    "lock": '<rect x="4.5" y="10.5" width="15" height="10" rx="2.5"/><path d="M8 10.5V7a4 4 0 0 1 8 0v3.5M12 14.5v2"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "minus": '<path d="M5 12h14"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"/>',
    "pause": '<path d="M8.5 5v14M15.5 5v14"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c0-4 2.8-6.5 6.5-6.5s6.5 2.5 6.5 6.5M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14c2.5.8 4 3 4 6"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 20.5c0-4.3 3.4-7 8-7s8 2.7 8 7"/>',
    "play": '<path d="M7.5 4.5v15l12-7.5z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "refresh": '<path d="M19.5 9A8 8 0 0 0 5 8M4.5 4v4.5H9M4.5 15A8 8 0 0 0 19 16M19.5 20v-4.5H15"/>',
    "rocket": '<path d="M9 15c0-6 3.5-10.5 11-11.5C19.5 11 15 14.5 9 15zM9 15l-2.5-.5L4 17M9 15l.5 2.5L7 20M3.5 20.5l3-3M10 9l-4.5.5L4 12M15 14l-.5 4.5L12 20"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "skip": '<path d="m5 5.5 9 6.5-9 6.5zM18.5 5.5v13"/>',
    "star": '<path d="m12 3.5 2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17l-5.3 3 1.1-6L3.4 9.8l6-.8z"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"/>',
    "system": '<rect x="3" y="4.5" width="18" height="12" rx="2"/><path d="M8.5 20.5h7M12 16.5v4"/>',
    "trash": '<path d="M4 6.5h16M9 6.5V4h6v2.5M6 6.5l1 14h10l1-14M10 10.5v6M14 10.5v6"/>',
    "undo": '<path d="M8.5 5 4 9.5 8.5 14M4.5 9.5h9.5a5.5 5.5 0 0 1 0 11h-3"/>',
    "up": '<path d="m5 15 7-7 7 7"/>',
    "upload": '<path d="M12 16V4M6.5 9 12 3.5 17.5 9M4 20.5h16"/>',
    "warning": '<path d="M12 9.5v4.5M12 17v.01M12 3.5 2.5 20h19z"/>',
}
"""Icon name → the shapes inside its ``<svg>``."""

DIRECTIONAL: Final = frozenset({"arrow", "chevron", "external", "list", "play", "rocket", "skip", "undo"})
"""Icons that point along the line of reading, and are mirrored where it runs from right to left."""
