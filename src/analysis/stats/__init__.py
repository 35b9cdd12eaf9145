"""Statistics as pure functions: arrays in, frozen results out; no files, no project types, no Chinese.

A condition of the data (one sector, no exposure, nothing rectified) gives `value=None` and a warning code;
an error of the caller (lengths that differ, negative counts) raises ValueError.
"""
