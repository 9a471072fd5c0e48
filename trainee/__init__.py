"""Trainee: staff training and coaching for customer-service teams."""
