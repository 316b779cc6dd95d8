"""What the law says of a debt and a plan, and the ways beyond plans."""
