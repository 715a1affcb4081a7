"""Taking in an office's own spreadsheets: requests, persons, deadlines.

``fields`` knows what a column may hold and how it is headed, ``understanding`` reads a row,
``problems`` says what is wrong with it and how to mend it, ``importing`` is what an officer does
(take in, name the columns, answer, apply, undo), ``working`` the sweep that does it in batches, and
``writing`` and ``undoing`` what one batch writes.
"""
