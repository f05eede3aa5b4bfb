"""How long tests wait for what comes soon: longer than a slow and busy machine takes, so that only what never
comes makes them fail."""

from typing import Final

PATIENCE: Final = 120.0
