"""The order of steps: refresh, ingest, rebuild, sweep. No arithmetic and no HTTP in here."""
