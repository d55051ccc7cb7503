"""A reader's account is at `me/` of pages: leaving concerns every room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
