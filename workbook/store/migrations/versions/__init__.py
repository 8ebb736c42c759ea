"""One module for each version of the file. A released one is never changed."""
