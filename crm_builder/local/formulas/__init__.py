"""Computes Google's formulas over a store of cells. What their texts say, the room crm_builder/formulas knows."""
