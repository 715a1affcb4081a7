"""Reports of how far a State does what it owes: ordered, made by a worker, frozen, published.

``ordering`` is the life of a report, ``content`` what it says, ``making`` how a worker makes it,
``files`` what it is downloaded as, ``scheduling`` how it comes again by itself.
"""
