"""Engine, base class and column words. Knows no table but the outbox."""
