"""The steps from one form of the database to the next (Alembic), run by `sharp_eyes.migrate`."""
