"""What a member of staff has at their desk: drafts, who is there too, kept filters."""
