"""A private PostgreSQL and Valkey for `make run` and `make test`, from wheels, under DATA_DIR.

`exec` (`python -m gfmd_portal.embedded exec -- command`) is the door: it starts the services or
joins running ones, tells the command by DATABASE_URL and REDIS_URL where they are, and nothing
else in the portal knows that they are embedded. How they live and die: docs/adr/embedded-services.md.
"""
