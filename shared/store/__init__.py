"""What is kept: manifests, facts, period rows, raw blobs, people, receipts, runs.

Tables hold what can be rebuilt; ``raw`` holds what it is rebuilt from. Readers see whole things: new
facts are written in full beside the old ones and published by one conditional replace of one row.
"""
