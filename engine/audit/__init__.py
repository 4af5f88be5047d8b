"""The proof that the history is whole: hash chains per case, and what checks them."""
