"""What people bring: cases, plans, policies, rules and findings."""
