"""Prefect flows: thin, ids in, ids out."""
