"""The sandbox: a stand-in for the Hugging Face Hub on loopback, in one process.

It speaks the Hub's HTTP closely enough for the unchanged `huggingface_hub` and `datasets` clients and for a
real OpenID Connect sign-in, keeps its state on disk, and lets a test script its faults. It knows nothing of the
site: the two meet over HTTP alone, as the site and the Hub do.

Reading order: `wire` and `routing` (requests), `hub` (what is behind every request), then one module or package
per subject: `signin`, `identity` and `whoami`, `repos`, `files`, `spaces`, `buckets`, `pages`, `faults`, `control`.
"""
