"""Bad input: `make fuzz` tries a million inputs, guided by what they reach in our code."""
