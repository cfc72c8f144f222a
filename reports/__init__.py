"""Monthly and yearly figures."""
