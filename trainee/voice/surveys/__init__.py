"""Surveys and questionnaires as they are written, the waves in which they are asked, and the ways in which customers are reached."""
