"""The sample letters of the demo: invented correspondence and how it is made to arrive."""
