"""Pages of planned work: the calendar, one piece of work with its steps, and the form of a new one."""
