"""What residents may know, mend and have deleted of what we keep of them."""
