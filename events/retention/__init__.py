"""How long events, their media and tracks are kept, and what holds them for longer."""
