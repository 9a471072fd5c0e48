"""The pages on which scorecards are read and edited; what is on them, and their versions, are kept with the skills."""
