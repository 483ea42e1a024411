"""`python -m sharp_eyes` is `sharp-eyes`."""

from .cli import main

# Guarded: a process that this one spawns imports this module again, and must not run the command again.
if __name__ == "__main__":
    main()
