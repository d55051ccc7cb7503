vcl 4.1;

# The caching proxy in front of the newsroom; docs/decisions/0012-the-proxy-in-front.md says why it is as it is.
#
# `public` responses are cached for half a second, and served stale for another quarter while a new copy is
# fetched: a change is visible within a second even without a purge. Purges make it quicker, and only purged
# content may be served while every web process is down. Nothing else is cached.

import directors;
import std;
import var;
import xkey;

# Web backends, clients that may purge, trusted TLS terminators. One file for each deployment.
include "places.vcl";

sub vcl_recv {
    if (req.restarts == 0) {
        call read_the_envelope;
    }
    call who_comes;
    set req.backend_hint = web.backend();
    call what_is_asked;

    # A stale object is served for a quarter of a second; for longer when no web process answers, and
    # then only what no purge has invalidated (vcl_backend_response).
    if (req.http.X-Stale || !std.healthy(req.backend_hint)) {
        set req.grace = 10m;
    } else {
        set req.grace = 250ms;
    }
    unset req.http.Cookie;
    return (hash);
}

# Headers that only this proxy sets; those of clients are removed.
sub read_the_envelope {
    unset req.http.X-Stale;
    unset req.http.X-Left;
    unset req.http.X-Missed;
    unset req.http.X-Asked-At;
    unset req.http.Forwarded;
    unset req.http.Proxy;
    unset req.http.X-Forwarded-Host;
    unset req.http.X-Forwarded-Port;
    unset req.http.X-Forwarded-Prefix;
    unset req.http.X-Real-IP;
    unset req.http.X-HTTP-Method-Override;
    # Varnish has already appended the client's address.
    if (client.ip ~ terminators && req.http.X-Forwarded-For ~ ",") {
        # The last address was appended by the load balancer; those before it are the client's own.
        set req.http.X-Forwarded-For =
            regsub(req.http.X-Forwarded-For, "^(?:.*,)?\s*([^,\s]+)\s*,[^,]*$", "\1");
        if (req.http.X-Forwarded-Proto != "https") {
            set req.http.X-Forwarded-Proto = "http";
        }
    } else {
        set req.http.X-Forwarded-For = client.ip;
        set req.http.X-Forwarded-Proto = "http";
        unset req.http.X-Request-ID;
    }
}

sub who_comes {
    # Purges arrive at a port of their own, which is not public.
    if (req.method == "PURGE") {
        if (local.socket != "inner" || client.ip !~ purgers) {
            return (synth(403, "Forbidden"));
        }
        # From here on, responses that were requested earlier may be outdated.
        var.global_set("purged_at", std.time2real(now, 0.0));
        if (req.http.Surrogate-Key) {
            return (synth(200, "Purged " + xkey.purge(req.http.Surrogate-Key)));
        }
        if (req.http.Cache-Tag) {
            return (synth(200, "Purged " + xkey.purge(regsuball(req.http.Cache-Tag, "\s*,\s*", " "))));
        }
        return (purge);
    }
    if (req.url == "/health/proxy") {
        return (synth(200, "OK"));
    }
    if (local.socket == "inner") {
        return (synth(404, "Not Found"));
    }
    # /metrics is internal, in every spelling.
    if (req.url ~ "(?i)^/+(m|%6d)(e|%65)(t|%74)(r|%72)(i|%69)(c|%63)(s|%73)(/|%2f|\?|$)") {
        return (synth(404, "Not Found"));
    }
}

sub what_is_asked {
    if (req.url !~ "^/" || req.http.Upgrade) {
        return (synth(400, "Bad Request"));
    }
    if (req.method !~ "^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$") {
        return (synth(405, "Method Not Allowed"));
    }
    # UPLOAD_MAX_BYTES is 30 MiB; the form around a photo gets one more.
    if (std.integer(req.http.Content-Length, 0) > 32505856) {
        return (synth(413, "Content Too Large"));
    }
    if (req.http.Transfer-Encoding) {
        return (synth(411, "Length Required"));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Personal: requests with credentials, and personal URLs
    # (the same list as in newsroom/http/middleware.py).
    if (req.http.Authorization || req.http.X-Session-Token || req.http.Cookie ~ "(^|;\s*)sessionid=") {
        return (pass);
    }
    if (req.url ~ "^/(admin|accounts|_allauth|desk|api/v1/me|api/v1/desk)(/|\?|$)") {
        return (pass);
    }
}

sub vcl_backend_fetch {
    set bereq.http.X-Asked-At = std.time2real(now, 0.0);
}

sub vcl_backend_response {
    if (beresp.status >= 500) {
        call no_good_answer;
        if (!bereq.uncacheable && !bereq.http.X-Stale) {
            # A response would replace the older object; an error leaves it, and vcl_deliver looks for it.
            return (error(503, "Service Unavailable"));
        }
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
        set beresp.keep = 0s;
        return (deliver);
    }
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.status == 200
        && beresp.http.Cache-Control ~ "(?i)(^|[\s,])public([\s,]|$)"
        && beresp.http.Cache-Control !~ "(?i)(no-store|no-cache|private)"
        && !beresp.http.Set-Cookie
        && (!beresp.http.Vary || beresp.http.Vary ~ "(?i)^(\s*(accept-encoding|origin)\s*(,|$))+$")) {
        call keep_for_a_moment;
        return (deliver);
    }
    # Missing (404), withdrawn (410), personal: not cached.
    set beresp.uncacheable = true;
    set beresp.ttl = 60s;
    return (deliver);
}

sub keep_for_a_moment {
    # s-maxage of 0 means that a planned change is due within the second: not cached. A longer one is for
    # other shared caches; half a second is what the guarantee of two seconds is based on. max-age is for
    # browsers. `immutable` is cached as it says.
    if (beresp.http.Cache-Control ~ "(?i)s-maxage=0") {
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
        set beresp.keep = 1h;
        return;
    }
    if (beresp.http.Cache-Control !~ "(?i)immutable") {
        set beresp.ttl = 500ms;
    }
    set beresp.grace = 250ms;
    # A kept object is only revalidated with its ETag, never served.
    set beresp.keep = 1h;
    if (beresp.http.Surrogate-Key) {
        set beresp.http.xkey = beresp.http.Surrogate-Key;
        # A response that was requested before a purge, or within the age of the web's response cache
        # (RESPONSE_CACHE_SECONDS), may be outdated: it gets no stale-if-error time. Neither does one without
        # keys, which a purge may not reach under every spelling of its URL, nor any while no purge has
        # arrived yet: perhaps none are configured.
        if (std.real(bereq.http.X-Asked-At, 0.0) > std.real(var.global_get("purged_at"), 900000000000.0) + 1.0) {
            set beresp.grace = 10m;
        }
    }
    if (!beresp.http.Content-Encoding
        && beresp.http.Content-Type ~ "(?i)^(text/|application/(problem\+|feed\+)?json|application/([a-z]+\+)?xml|application/javascript|image/svg)") {
        set beresp.do_gzip = true;
    }
}

sub no_good_answer {
    if (bereq.is_bgfetch) {
        # The object that was being refreshed stays; no client waits for this response.
        return (abandon);
    }
    # Retry on another web process. Not after 500, a bug that would repeat there.
    if (beresp.status != 500 && bereq.retries == 0 && (bereq.method == "GET" || bereq.method == "HEAD")) {
        return (retry);
    }
}

sub vcl_backend_error {
    call no_good_answer;
    set beresp.ttl = 0s;
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    set beresp.http.Cache-Control = "no-store";
    set beresp.http.Retry-After = "5";
    # The headers of the newsroom's own errors (newsroom/http/security_headers.py).
    set beresp.http.Content-Security-Policy = "default-src 'none'; frame-ancestors 'none'";
    set beresp.http.Cross-Origin-Opener-Policy = "same-origin";
    set beresp.http.Cross-Origin-Resource-Policy = "same-origin";
    set beresp.http.Permissions-Policy = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";
    set beresp.http.Referrer-Policy = "strict-origin-when-cross-origin";
    set beresp.http.X-Content-Type-Options = "nosniff";
    set beresp.http.X-Frame-Options = "DENY";
    if (bereq.url ~ "^/(api|_allauth)/") {
        set beresp.http.Content-Type = "application/problem+json";
        set beresp.body = """{"type": "about:blank", "title": "Service Unavailable", "status": 503, "code": "away",
"detail": "뉴스룸이 지금 답하지 못합니다. 잠시 뒤에 다시 시도해 주세요."}""";
    } else {
        set beresp.http.Content-Type = "text/html; charset=utf-8";
        set beresp.body = """<!doctype html><html lang="ko"><meta charset="utf-8"><title>잠시 뒤에</title>
<p>뉴스룸이 지금 답하지 못합니다. 잠시 뒤에 다시 열어 주세요.</p></html>""";
    }
    return (deliver);
}

sub vcl_hit {
    set req.http.X-Left = obj.ttl;
}

sub vcl_miss {
    set req.http.X-Missed = "yes";
}

sub vcl_deliver {
    # No backend answered: restart once, to look for an older object that may be served.
    if (resp.status >= 500 && req.restarts == 0 && req.http.X-Missed) {
        set req.http.X-Stale = "yes";
        return (restart);
    }
    if (req.http.X-Left) {
        set resp.http.Cache-Status = "newsroom; hit; ttl=" + regsub(req.http.X-Left, "\..*", "");
    } else {
        set resp.http.Cache-Status = "newsroom; fwd=miss";
    }
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    unset resp.http.xkey;
    if (client.ip !~ terminators) {
        # Another shared cache in front may be purged by the same keys and cache for s-maxage; browsers
        # revalidate each time.
        unset resp.http.Surrogate-Key;
        unset resp.http.Cache-Tag;
        if (resp.http.Cache-Control ~ "(?i)s-maxage") {
            set resp.http.Cache-Control = "public, max-age=0, must-revalidate";
        }
    }
}

sub vcl_synth {
    set resp.http.Content-Type = "text/plain; charset=utf-8";
    set resp.http.Content-Security-Policy = "default-src 'none'; frame-ancestors 'none'";
    set resp.http.Cross-Origin-Opener-Policy = "same-origin";
    set resp.http.Cross-Origin-Resource-Policy = "same-origin";
    set resp.http.Permissions-Policy = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";
    set resp.http.Referrer-Policy = "strict-origin-when-cross-origin";
    set resp.http.X-Content-Type-Options = "nosniff";
    set resp.http.X-Frame-Options = "DENY";
    set resp.http.Cache-Control = "no-store";
    set resp.body = resp.reason;
    return (deliver);
}
