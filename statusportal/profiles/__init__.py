"""What a maker says of a product as data: its signals, rules, alarm codes and sentences, as values and as a TOML file.

It judges no sample, which is the work of rules, and keeps nothing, which is the work of the catalogue.
"""
