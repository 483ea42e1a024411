"""The catalogue: the cameras as they are searched, listed, drawn on a map and counted.

One filter (`CameraFilter`) says which cameras are meant, and is answered in one way (`search.plan`), for the list, the
map points, the exports, and whatever else asks for a set of cameras.
"""
