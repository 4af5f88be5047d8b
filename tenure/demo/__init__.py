"""A made-up company that lives through an onboarding and a performance year."""
