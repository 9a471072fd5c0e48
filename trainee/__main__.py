"""`python -m trainee` is the command line."""

from trainee.cli import main

main()
