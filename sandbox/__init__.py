"""Child processes with limits: hostile bytes are parsed there and nowhere else."""
