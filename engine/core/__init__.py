"""The pure heart: one function from a case and an event to the case after it and its effects."""
