"""How soon a live view shows its first picture, how old what it shows is, and what a viewer costs."""
