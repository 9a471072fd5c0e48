"""Pages made of several things: what somebody sees who opens the site."""
