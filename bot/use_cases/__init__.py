"""What people can have done, one file per wish; platform-free: requests in, views out."""
