"""The made-up world that `statusportal demo` seeds: its content as data, and the code that lives it through."""
