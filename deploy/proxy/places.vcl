# What differs from place to place: who we are, who may purge, who may speak for a reader.
# This one is for compose.yaml; kubernetes/70-proxy.yaml brings its own.

probe alive {
    # As the newsroom wants to be asked: a host it knows, as if by TLS.
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

# The workers, which tell us what changed. They come in by the inner door, which is not published.
acl purgers {
    "172.30.80.0"/24;
}

# Whose X-Forwarded-For and X-Forwarded-Proto are believed: the load balancer that ends TLS in front of us.
# 192.0.2.1 stands for nobody.
acl terminators {
    "192.0.2.1";
}
