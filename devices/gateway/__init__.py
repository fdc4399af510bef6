"""A gateway at the edge: connections run here, readings wait here durably, and a portal gets them over HTTP."""
