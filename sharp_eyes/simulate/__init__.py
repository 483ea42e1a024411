"""A made-up city, to see and measure everything on: cameras of many departments, their rules, and months of events.

Simulated cameras are switched off, and their streams point to 192.0.2.0/24, addresses that RFC 5737 keeps free for
examples: no worker ever pulls them, and nothing answers if somebody switches one on. The events have no media.
"""

from .city import City
from .fill import Filled, Progress, Stage, fill

__all__ = ["City", "Filled", "Progress", "Stage", "fill"]
