"""Music for anyone from the list they bring: catalogue, learnt model, true reasons."""
