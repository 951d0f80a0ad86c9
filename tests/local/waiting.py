"""A program that waits for a SIGTERM, for the test that stops it."""

import signal

if __name__ == "__main__":
    print("waiting", flush=True)
    signal.pause()
