"""Which days are worked: public holidays, make-up days, and days of our own."""
