"""What customers' answers add up to: by measure, team and month, beside the past, sister teams and a stated target."""
