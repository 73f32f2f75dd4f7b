"""So that `python -m connector.cli` works where the command is not on the PATH."""

from connector.cli.main import main

main()
