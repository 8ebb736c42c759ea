"""What follows from the answers: pure functions over tables. No clock, no file, no chance."""
