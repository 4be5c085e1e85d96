# Every command prepares what it needs first: bin/portal.py. Variables: PORT, DATA_DIR, ARGS (README).
# A Python that a distribution has built is faster by a tenth or more than one that was compiled without optimisation.
PYTHON ?= /usr/bin/python3

.PHONY: run test check bench shell manage lock format
run test check bench shell manage lock format:
	@sh bin/find-python $(PYTHON) bin/portal.py $@
