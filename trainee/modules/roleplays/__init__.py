"""Role-plays: talks with a customer who has a mood, remembers, and answers back."""
