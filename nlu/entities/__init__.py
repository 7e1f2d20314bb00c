"""What a message names: places, sums, ages, dates, numbers. Plain text in, spans out."""
