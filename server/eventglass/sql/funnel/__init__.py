"""Funnels as one statement, in the order in which it works.

events.py      1. a row per event: its unit, time, and the steps it matches
sequences.py   2. a row per unit: its events in order
deepest.py     3. the attempt that counts, where that is the deepest one, whatever the others are;
chains.py         or for every event the attempt that begins there: all of a unit at once,
attempts.py       or each by itself, for windows between steps (within.py) and for steps in any
                  order that share events (unordered.py)
counted.py     4. the attempt that counts; chosen.py: what is kept of it, told.py: whose values it has
ranked.py      5. the places of a breakdown's values
answer.py      6. units by step, with times; the trend
"""
