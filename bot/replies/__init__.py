"""What a caseworker's answer is made of: ready phrases, policy answers, files, the last message."""
