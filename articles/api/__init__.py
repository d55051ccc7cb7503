"""Reader API of articles: representations, serializers and views, grouped as the packages they serve."""
