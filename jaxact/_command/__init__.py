"""The parts of the command `jaxact`: one module for each subcommand, and what they share."""
