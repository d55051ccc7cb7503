"""E-mail queues: due e-mails are leased, sent and recorded, with bounded time and growing delays."""
