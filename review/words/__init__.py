"""The words of the pages: one module a group of pages, each `key: (Thai, English)`."""
