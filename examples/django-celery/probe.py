"""Asks for a page again and again; one line on stdout for each answer, one on stderr for each failure."""

import sys
import time
import urllib.request


def probe(url):
    began = time.monotonic()
    with urllib.request.urlopen(url, timeout=5) as answer:
        answer.read()
        return answer.status, (time.monotonic() - began) * 1000


def main(url, every_secs):
    while True:
        try:
            status, took_ms = probe(url)
            print("%s answered %d in %.0f ms" % (url, status, took_ms))
        except OSError as problem:
            print("%s did not answer: %s" % (url, problem), file=sys.stderr)
        time.sleep(every_secs)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
