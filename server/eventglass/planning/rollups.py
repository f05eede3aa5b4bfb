"""The tables of what is gathered of events, by name: see ingest/rollups.py and ingest/event_hours.py."""

from typing import Final

# When sessions have events; long_sessions goes with it.
SESSION_DAYS: Final = "session_days"
# Who was active when.
ACTIVE_HOURS: Final = "active_hours"
# When each person first did what.
FIRST_TIMES: Final = "first_times"
# How many events there were; property_hours goes with it.
EVENT_HOURS: Final = "event_hours"

# Those whose rows may be there twice; each has a mark of its own. Those of counts are told with their rows.
REPEATABLE: Final = (SESSION_DAYS, ACTIVE_HOURS, FIRST_TIMES)
