"""Making the shipped tables from the corpora; nothing here runs when the generator does.

``python -m generator.learned.make`` makes them all, ``python -m generator.learned.make.chords`` (or
``melody``, ``grooves``) one of them. The corpora are archives in ``$NIGHTJAR_DATA/corpora``.
"""
