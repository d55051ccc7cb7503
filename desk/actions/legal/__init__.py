"""Actions that the law asks for: legal hold, claims under the Press Arbitration Act, erasure."""
