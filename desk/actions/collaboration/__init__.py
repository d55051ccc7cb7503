"""Actions of several people on one draft: assignment, edit lock, presence, remarks, section roles."""
