"""Every plan of a policy's menu, in columns: made, measured, held to limits, chosen."""
