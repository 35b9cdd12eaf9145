"""The fictional sample county (示例县): seeded events, written down as offices keep them."""
