"""Proof of one value by its quotes, family by family. Pure: nothing is repaired, every refusal has a reason.

A reading counts only when the words it was read from, taken in the whole turn, lie inside a quote; so a
quote that drops the "nine" of "forty nine", or a value with one digit changed, proves nothing.
"""
