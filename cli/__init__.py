"""The `saraban` command."""
