"""What a proposal to a creditor says of a plan."""
