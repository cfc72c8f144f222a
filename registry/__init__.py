"""The office's database: ledger, letters, cases, numbers, audit, blobs."""
