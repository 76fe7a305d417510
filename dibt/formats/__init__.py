"""How dates are written, in a folder for each language. `local-time.js` writes them in the same way."""
