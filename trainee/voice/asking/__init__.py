"""The page on which customers answer: no account, no cookie, no script needed, and each answer once."""
