"""The commands of crm-builder, by subject. Each is a few lines: options, one story of `deploy`, what is printed."""
