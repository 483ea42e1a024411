"""`python -m sharp_eyes` is `sharp-eyes`."""

from .cli import main

main()
