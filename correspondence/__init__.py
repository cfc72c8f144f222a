"""The vocabulary of the house: plain types, the state table, Thai dates and digits. No I/O."""
