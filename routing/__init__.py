"""Category to group and due date, each with its reasons."""
