"""A day of agency copy in all formats, filed in order by one process and in disorder by killed workers."""
