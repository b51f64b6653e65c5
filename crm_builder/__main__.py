"""`python -m crm_builder` is the command `crm-builder`."""

from crm_builder.cli import main

main(prog_name="crm-builder")
