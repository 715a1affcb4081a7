"""Keeping the register current: facts added, corrected, removed and verified, each with its history.

``fact_kinds`` says what may be edited, ``editing`` does it, ``proposals`` takes what others propose.
"""
