# Settings of one deployment: web backends, clients that may purge, trusted TLS terminators.
# This one is for compose.yaml; kubernetes/70-proxy.yaml has its own.

probe alive {
    # An allowed host, and https as the scheme.
    .request =
        "GET /health/live HTTP/1.1"
        "Host: localhost"
        "X-Forwarded-Proto: https"
        "Connection: close";
    .interval = 500ms;
    .timeout = 2s;
    .window = 3;
    .threshold = 2;
    .initial = 1;
}

backend web1 {
    .host = "web-1";
    .port = "8000";
    .probe = alive;
    .connect_timeout = 1s;
    .first_byte_timeout = 30s;
    .between_bytes_timeout = 15s;
    .max_connections = 200;
}

backend web2 {
    .host = "web-2";
    .port = "8000";
    .probe = alive;
    .connect_timeout = 1s;
    .first_byte_timeout = 30s;
    .between_bytes_timeout = 15s;
    .max_connections = 200;
}

sub vcl_init {
    new web = directors.round_robin();
    web.add_backend(web1);
    web.add_backend(web2);
}

# The workers, which send purges to the purge port, which is not published.
acl purgers {
    "172.30.80.0"/24;
}

# Load balancers that terminate TLS in front: their X-Forwarded-For and X-Forwarded-Proto are trusted.
# 192.0.2.1 is a placeholder for none.
acl terminators {
    "192.0.2.1";
}
