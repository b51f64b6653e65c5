"""Speed and memory of the builder, measured beside what one would otherwise take: `python -m benchmarks [NAME …]`."""
