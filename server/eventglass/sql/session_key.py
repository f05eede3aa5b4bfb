"""Which session an event is of: a person's session id (semantics 2.4)."""

from eventglass.sql.fragment import Fragment, sql


def session_key(person: Fragment) -> Fragment:
    """Name the session of a row, which has a column `session`, by one number to group by. UInt64.

    The engine groups by one number in three quarters of the time that it takes for two. Persons and session
    ids are names of 64 bits themselves; that any two of ten million sessions meet has a chance of 3 in a
    million.
    """
    return sql("cityHash64({person}, session)", person=person)
