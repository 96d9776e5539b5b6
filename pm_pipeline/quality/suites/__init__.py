"""What rules there are: suites as data, read strictly."""
