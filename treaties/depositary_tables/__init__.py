"""Taking in the status tables of depositaries: read, matched, compared, shown, applied, undone.

``reading`` turns a file into rows, ``cells`` a cell into days and acts, ``columns`` finds what each
column holds, ``names`` which State is meant, ``comparing`` what would change, ``importing`` does it.
"""
