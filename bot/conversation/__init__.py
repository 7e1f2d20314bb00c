"""One turn of the dialogue with a resident; one file per intent."""
