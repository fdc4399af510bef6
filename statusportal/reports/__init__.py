"""Reports: what those who work on a machine say, together with the step it brings and the lines it has."""
