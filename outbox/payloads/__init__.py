"""Requests that are sent to a subscriber, one module for each kind."""
