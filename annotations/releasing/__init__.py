"""How a release is made and published: what a worker does between a lead's request and a dataset on the Hub.

Reading order: `snapshot` (what is read), `consensus` and `table` (columns and rows), `facts`, `front_matter`
and `card` (what is said about them), `building` (the files), `publishing` (the Hub), `work` (one worker's
turn), `files` (downloads).
"""
