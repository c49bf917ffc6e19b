"""`python -m config.launcher`, or script/server: the whole product on one machine."""
