"""Pages: of everybody, of applicants, of operators, of administrators, and what siblings ask."""
