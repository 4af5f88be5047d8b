"""What tests of several rooms stand on; imported as `support`."""
