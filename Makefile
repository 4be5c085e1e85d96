# Every command prepares what it needs first: bin/portal.py. Variables: PORT, DATA_DIR, ARGS (README).
PYTHON ?= python3

.PHONY: run test check bench shell manage lock format
run test check bench shell manage lock format:
	@sh bin/find-python $(PYTHON) bin/portal.py $@
