"""The program: command line, settings and wiring. The only package that knows all the others."""

__version__ = "0.1.0"
