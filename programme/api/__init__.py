"""What is published, for programs to read: `/api/v1/`. See docs/api.md."""
