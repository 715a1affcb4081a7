"""Requests that travel between installations as one signed file.

``content`` says what a package tells, ``container`` packs, signs and opens it, ``sending`` makes and
sends it, ``arriving`` takes one in as a received request, ``reporting`` tells the sender what became of
it and takes in what others report.
"""
