"""An upgrade and a rollback under traffic, from an earlier release, as plain processes or as images."""
