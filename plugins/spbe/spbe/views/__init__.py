"""Pages: of everybody, of the offices and assessors, of administrators."""
