"""Makes every shipped table."""

from generator.learned.make import chords, grooves, melody

if __name__ == "__main__":
    for module in (chords, melody, grooves):
        module.make()
