"""The engine: a pure core that decides, a store that remembers, and the verbs between them."""
