"""The formula room: parses Google's formulas and computes them over a store of cells."""
