"""`python -m config.launcher`, or script/server: run the whole product on one machine."""
