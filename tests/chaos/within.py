"""`python -m tests.chaos.within MODULE [ARGUMENT...]`: run a module of ours as a program inside Django."""

import runpy
import sys

import django

if __name__ == "__main__":
    django.setup()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
