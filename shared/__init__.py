"""Scoreboard: what arrives, what is kept, what is concluded, what is answered.

Data flows one way: ``sources`` → ``store`` → ``adoption`` → ``store`` → ``api``; ``jobs`` puts the
steps in order. ``docs/architecture.md`` says why.
"""

__version__ = "0.1.0"
