"""The office's settings and rules, read once from `config/` and the environment."""
