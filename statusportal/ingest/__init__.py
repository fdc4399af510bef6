"""The way of a sample: store, answered once it is durable, then follow."""
