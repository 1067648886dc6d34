"""The people who sign in: agents, managers and admins (R48)."""
