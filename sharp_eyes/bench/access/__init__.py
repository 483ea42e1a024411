"""What access costs: `sharp-eyes bench access`. Each part of the benchmark is a file of its own."""
