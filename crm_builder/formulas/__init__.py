"""Google's formulas as texts: their tokens, A1 references and trees. What they compute is known in local/formulas."""
