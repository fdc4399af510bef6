"""Pages of devices: my devices, a device with its live values, its curve, its ninety days and what happened to it."""
