"""What a message means: the NLU's client, its stand-in, the crisis rules."""
