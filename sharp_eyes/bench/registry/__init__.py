"""How the registry does at size: `sharp-eyes bench registry`. Each part of the benchmark is a file of its own."""
