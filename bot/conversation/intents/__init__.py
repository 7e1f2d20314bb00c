"""What is done for each intent: one file, one function, one test."""
