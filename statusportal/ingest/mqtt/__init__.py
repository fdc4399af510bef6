"""The portal's own MQTT listener: machines publish to it with their token, and it acknowledges what the store has.

Not a broker: nobody's message is passed on to anybody. `wire`, `packets`, `codec`, `topics` and `session` are pure.
"""
