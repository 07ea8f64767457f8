"""Pages for citizens, offices and administrators."""
