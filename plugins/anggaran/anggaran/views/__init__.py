"""Pages for citizens, offices, reviewers and administrators."""
