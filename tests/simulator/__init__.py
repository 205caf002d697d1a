"""A day-walk simulator of legal time limits: an independent reading of the rules of time.

It is written from the rules alone and shares no code with the engine.  It is slow and plain on purpose: it goes from day
to day, asks whether the office is closed and whether the clock runs, and counts one.

- `calendar`: the days of rest, and counting by stepping;
- `limit`: a limit, a history, and what comes out, as plain values;
- `clock`: the books of one round: what moved its end, in order, and where it ends; `extending`: one act of extension;
- `walk`: the day by day walk of one obligation about one item: which acts open, change and close rounds;
- `directions`: limits that are counted back, and minimum windows;
- `histories`: random limits and histories of every kind, and which kinds met;
- `writing`: a limit and a history as a process and a case of the project;
- `asking`: the same question put to the engine.

Comments name the rule they follow, as ``rule 3.4``.  What the rules leave open is decided in `OPEN.md` beside this file.
"""
