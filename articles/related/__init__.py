"""Related articles: similarity.py scores pairs, linking.py stores the most similar ones of each article."""
