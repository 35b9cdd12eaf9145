"""Running notebooks: what must run, and how each one is executed, rendered and published."""
