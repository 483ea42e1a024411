"""How searches of events do at city scale: `sharp-eyes bench search`. Each part is a file of its own."""
