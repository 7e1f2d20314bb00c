"""What a caseworker's answer is made of: phrases, policy answers, files, what is kept back."""
