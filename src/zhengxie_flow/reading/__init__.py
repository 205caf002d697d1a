"""Files into values with positions: text, YAML, JSON lines, and validation errors brought back to their
place.
"""
