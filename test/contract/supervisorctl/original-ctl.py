"""Runs the original's supervisorctl any number of times, each in a fork of this process: loading it takes most of the
time that a run of it needs.

Standard input: one job a line, {"args": [text, ...], "input": text}. Standard output: for each a line
{"code": number, "stdout": text, "stderr": text}; the code is negative where a signal ended the run.
"""

import json
import os
import signal
import sys
import tempfile

from supervisor import supervisorctl

SECONDS = 30


def run(args, files):
    """In the fork: the program with its own standard streams, as its launcher starts it."""
    for descriptor, file in enumerate(files):
        os.dup2(file.fileno(), descriptor)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")
    sys.argv = ["/usr/bin/supervisorctl", *args]
    signal.alarm(SECONDS)
    sys.exit(supervisorctl.main())


def text_of(file):
    file.seek(0)
    return file.read().decode()


# Not `for job in sys.stdin`, which reads ahead.
while job := sys.stdin.readline():
    job = json.loads(job)
    files = [tempfile.TemporaryFile() for _ in range(3)]
    files[0].write(job["input"].encode())
    files[0].seek(0)
    pid = os.fork()
    if pid == 0:
        run(job["args"], files)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print(json.dumps({"code": code, "stdout": text_of(files[1]), "stderr": text_of(files[2])}), flush=True)
    for file in files:
        file.close()
