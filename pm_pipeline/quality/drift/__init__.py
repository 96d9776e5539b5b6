"""Changes nobody dated: where cases begin to take another course, and how sure that is."""
