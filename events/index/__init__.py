"""The index of events: written by workers, searched by everybody, followed by its changes."""
