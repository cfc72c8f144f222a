"""The stages of a letter joined, each one transaction. No Prefect here."""
