"""What is inside repositories: commits, trees, uploads and downloads."""
