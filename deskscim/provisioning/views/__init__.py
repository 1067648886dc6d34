"""Settings in the portal: for admins (R48)."""
