"""What other programs may read: tokens with scopes, and a read-only JSON interface under /api/v1."""
