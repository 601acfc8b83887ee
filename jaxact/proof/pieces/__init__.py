"""Where a function is put together: its smooth pieces, their ends, and the points between them."""
