"""How soon, how fast and how surely alerts arrive, beside receivers that hang and that fail."""
