"""Uptime: how long the cameras' streams were live, of the time that they were to be watched."""
