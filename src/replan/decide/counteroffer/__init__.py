"""A lender's offer judged: what it breaks, the smallest change that mends it, the zone."""
