"""Ratios measured side by side in one run on one machine: what our pages cost, as a share of what this server can do at all."""
