package file

// Inspect is for the tests that ask it without a temporary file between.
var Inspect = inspect
