"""What holds for all tests."""

from hypothesis import settings

# What an example shows does not depend on how long a busy machine takes for it.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
