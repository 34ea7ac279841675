"""What can be told of an object by looking at it: the rules that a schema cannot hold, and those it can.

`judge` is all of them for one object: used on every answer of a run, on recorded payloads, and on a CPO's locations
before they are published.
"""

from ocpi211_check.rules.judging import judge, judge_party

__all__ = ["judge", "judge_party"]
