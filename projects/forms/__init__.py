"""Forms of the pages: what people type, as the domain takes it."""
