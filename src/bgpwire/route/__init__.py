"""Routes and who told them: what both twins of them share, and the family of a route."""
