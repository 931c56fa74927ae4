"""How answers become scores with intervals: arrays in, numbers out."""
