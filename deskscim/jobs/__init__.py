"""Work that takes longer than a page may: queued, carried out by a worker, watched, cancelled, undone."""
