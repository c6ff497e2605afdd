"""How a store of an older version becomes one of the newest: one module a step, in `versions`; Alembic runs them."""
