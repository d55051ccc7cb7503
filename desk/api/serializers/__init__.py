"""Serializers of the desk API. Their docstrings and help texts are in docs/openapi.yaml."""
