"""What is said of us in public, on sites of others: counted by month, source and theme."""
