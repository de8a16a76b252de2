#include "conf_table.h"

#include "conf.h"
#include "when.h"

#define MS	(WHEN_SECOND / 1000)
#define HOUR	(3600 * WHEN_SECOND)
#define PIB	1073741824	/* in MiB */

/*
 * Rows: name, kind, flags, offset; then what the kind needs. Least durations
 * are as short as tests want them; bounds above are where a value can only be
 * a slip of the pen, or what its user can bear: a record's header has 64 KiB
 * for a request's, a pool has 256 threads, a window 256 names, and no delay is
 * longer than an hour.
 */
#define AT(field)	offsetof(struct conf, field)
#define NUMBER(u, def, lo, hi) \
	.unit = (u), .standard = (def), .min = (lo), .max = (hi)
#define TIME(def, lo, hi) \
	.standard = (def), .min = (uint64_t)(lo), .max = (uint64_t)(hi)
#define END		{ .name = NULL }

/* Who may come in: of what has a struct conf_access called access. */
#define ACCESS \
	{ "tls_cert_file", CONF_PATH, CONF_READ, AT(access.tls_cert_file), \
	    .unit = NULL }, \
	{ "tls_key_file", CONF_PATH, CONF_READ, AT(access.tls_key_file), \
	    .unit = NULL }, \
	{ "tls_client_ca_file", CONF_PATH, CONF_READ, \
	    AT(access.tls_client_ca_file), .unit = NULL }, \
	{ "tls_min_version", CONF_ENUM, 0, AT(access.tls_min_version), \
	    .standard = "1.2", .words = "1.2|1.3" }, \
	{ "bearer_token_file", CONF_PATH, CONF_READ, \
	    AT(access.bearer_token_file), .unit = NULL }, \
	{ "bearer_token_for", CONF_ENUM, 0, AT(access.bearer_token_for), \
	    .standard = "tcp", .words = "tcp|https|all" }, \
	{ "allowed_uids", CONF_UID, CONF_LIST, AT(access.allowed_uids), \
	    .unit = NULL }

static const struct conf_key http_api[] = {
	{ "listen", CONF_ADDRESS, CONF_LIST | CONF_FILLED, AT(listen),
	    .standard = "localhost:9529" },
	{ "head_bytes", CONF_INTEGER, 0, AT(head_bytes),
	    NUMBER("bytes", "16384", 1024, 32768) },
	{ "head_fields", CONF_INTEGER, 0, AT(head_fields),
	    NUMBER(NULL, "100", 8, 1000) },
	{ "head_timeout", CONF_DURATION, 0, AT(head_timeout),
	    TIME("10s", MS, HOUR) },
	{ "body_timeout", CONF_DURATION, 0, AT(body_timeout),
	    TIME("5m", MS, 24 * HOUR) },
	{ "idle_timeout", CONF_DURATION, 0, AT(idle_timeout),
	    TIME("1m", MS, 24 * HOUR) },
	{ "body_rate", CONF_INTEGER, 0, AT(body_rate),
	    NUMBER("bytes/s", "1024", 0, PIB) },
	{ "body_grace", CONF_DURATION, 0, AT(body_grace),
	    TIME("30s", 0, HOUR) },
	{ "connections", CONF_INTEGER, 0, AT(connections),
	    NUMBER(NULL, "5000", 1, 100000) },
	{ "per_address", CONF_INTEGER, 0, AT(per_address),
	    NUMBER(NULL, "64", 1, 100000) },
	{ "multipart_parts", CONF_INTEGER, 0, AT(multipart_parts),
	    NUMBER(NULL, "1024", 1, 65536) },
	{ "multipart_head", CONF_INTEGER, 0, AT(multipart_head),
	    NUMBER("bytes", "8192", 256, 65536) },
	{ "commits", CONF_INTEGER, 0, AT(commits),
	    NUMBER(NULL, "16", 1, 256) },
	{ "metrics", CONF_BOOL, 0, AT(metrics), .standard = "true" },
	ACCESS,
	END
};

static const struct conf_key profile[] = {
	{ "endpoints", CONF_ENDPOINT, CONF_LIST, AT(endpoints),
	    .standard = "/profiling/v1/input" },
	{ "election", CONF_BOOL, 0, AT(profile_election), .standard = "true" },
	{ "body_size_limit_mb", CONF_MIB, 0, AT(body_size_limit),
	    NUMBER("MiB", "32", 1, 65536) },
	{ "generate_metrics", CONF_BOOL, 0, AT(generate_metrics),
	    .standard = "true" },
	END
};

static const struct conf_key io_config[] = {
	{ "cache_path", CONF_PATH, CONF_FILLED, AT(cache_path),
	    .standard = "/var/spool/prof" },
	{ "cache_capacity_mb", CONF_MIB, 0, AT(cache_capacity),
	    NUMBER("MiB", "10240", 1, PIB) },
	{ "clear_cache_on_start", CONF_BOOL, 0, AT(clear_cache_on_start),
	    .standard = "false" },
	{ "upload_workers", CONF_INTEGER, 0, AT(upload_workers),
	    NUMBER(NULL, "8", 1, 256) },
	{ "send_timeout", CONF_DURATION, 0, AT(send_timeout),
	    TIME("75s", MS, HOUR) },
	{ "send_retry_count", CONF_INTEGER, 0, AT(send_retry_count),
	    NUMBER(NULL, "4", 1, 100) },
	{ "when_full", CONF_ENUM, 0, AT(when_full),
	    .standard = "evict", .words = "evict|reject" },
	{ "min_free_mb", CONF_MIB, 0, AT(min_free),
	    NUMBER("MiB", "256", 0, PIB) },
	{ "retry_min", CONF_DURATION, 0, AT(retry_min), TIME("1s", MS, HOUR) },
	{ "retry_max", CONF_DURATION, 0, AT(retry_max), TIME("5m", MS, HOUR) },
	{ "probe_interval", CONF_DURATION, 0, AT(probe_interval),
	    TIME("1m", MS, HOUR) },
	{ "lease", CONF_DURATION, 0, AT(lease), TIME("10m", MS, 24 * HOUR) },
	END
};

static const struct conf_key metrics[] = {
	{ "cpu", CONF_DURATION, 0, AT(metrics_cpu), TIME("10s", MS, HOUR) },
	{ "memory_mb", CONF_MIB, 0, AT(metrics_memory),
	    NUMBER("MiB", "1024", 64, 65536) },
	{ "inflated_mb", CONF_MIB, 0, AT(metrics_inflated),
	    NUMBER("MiB", "256", 1, 65536) },
	{ "ratio", CONF_INTEGER, 0, AT(metrics_ratio),
	    NUMBER(NULL, "200", 1, 1000000) },
	{ "samples", CONF_INTEGER, 0, AT(metrics_samples),
	    NUMBER(NULL, "1000000", 1, 100000000) },
	{ "depth", CONF_INTEGER, 0, AT(metrics_depth),
	    NUMBER(NULL, "10000", 1, 1000000) },
	{ "output_bytes", CONF_INTEGER, 0, AT(metrics_output),
	    NUMBER("bytes", "1048576", 4096, 67108864) },
	END
};

static const struct conf_key security[] = {
	{ "sandbox", CONF_ENUM, 0, AT(sandbox),
	    .standard = "auto", .words = "auto|off" },
	END
};

/* Which names are the usual ones, owners.c knows. */
#define USER(name) \
	{ #name, CONF_TEXT, 0, AT(users_ ## name), .unit = NULL }

static const struct conf_key users[] = {
	USER(spool), USER(recv), USER(pull), USER(pyro), USER(metrics),
	USER(ship), USER(producers), USER(consumers), USER(programs),
	END
};

#undef AT
#define AT(field)	offsetof(struct conf_target, field)

static const struct conf_key go[] = {
	{ "url", CONF_URL, CONF_HIDDEN, AT(url),
	    .standard = "(or file_sd)", .words = "http|https|unix" },
	{ "file_sd", CONF_PATH, 0, AT(file_sd), .unit = NULL },
	{ "interval", CONF_DURATION, CONF_RAISED, AT(interval),
	    TIME("10s", 10 * WHEN_SECOND, 24 * HOUR) },
	{ "service", CONF_TEXT, 0, AT(service), .unit = NULL },
	{ "env", CONF_TEXT, 0, AT(env), .unit = NULL },
	{ "version", CONF_TEXT, 0, AT(version), .unit = NULL },
	{ "enabled_types", CONF_WORD, CONF_LIST, AT(enabled_types),
	    .standard = "cpu,goroutine,heap,mutex,block",
	    .words = "cpu|goroutine|heap|mutex|block|allocs|threadcreate" },
	{ "cpu_seconds", CONF_INTEGER, 0, AT(cpu_seconds),
	    NUMBER("seconds", "(by interval)", 1, 3600) },
	{ "timeout", CONF_DURATION, 0, AT(timeout),
	    TIME("(by interval)", MS, 24 * HOUR) },
	{ "basic_auth_file", CONF_PATH, CONF_READ, AT(basic_auth_file),
	    .unit = NULL },
	{ "bearer_token_file", CONF_PATH, CONF_READ, AT(bearer_token_file),
	    .unit = NULL },
	{ "headers", CONF_HEADER, CONF_LIST | CONF_HIDDEN, AT(headers),
	    .unit = NULL },
	{ "http_proxy", CONF_URL, CONF_HIDDEN, AT(http_proxy),
	    .words = "http|https|socks5|socks5h" },
	{ "tls_open", CONF_BOOL, 0, AT(tls_open), .standard = "false" },
	{ "tls_ca", CONF_PATH, CONF_READ, AT(tls_ca), .unit = NULL },
	{ "tls_cert", CONF_PATH, CONF_READ, AT(tls_cert), .unit = NULL },
	{ "tls_key", CONF_PATH, CONF_READ, AT(tls_key), .unit = NULL },
	{ "insecure_skip_verify", CONF_BOOL, 0, AT(insecure_skip_verify),
	    .standard = "false" },
	END
};

#undef AT
#define AT(field)	offsetof(struct conf_pyroscope, field)

static const struct conf_key pyroscope[] = {
	{ "url", CONF_ADDRESS, CONF_FILLED, AT(url), .unit = NULL },
	{ "service", CONF_TEXT, 0, AT(service), .unit = NULL },
	{ "env", CONF_TEXT, 0, AT(env), .unit = NULL },
	{ "version", CONF_TEXT, 0, AT(version), .unit = NULL },
	{ "join_timeout", CONF_DURATION, 0, AT(join_timeout),
	    TIME("30s", MS, HOUR) },
	ACCESS,
	END
};

#undef AT
#define AT(field)	offsetof(struct conf_destination, field)

/* Which urls fit which type, and which type needs one, conf_check.c knows. */
#define URLS(name, other, flags, def, schemes) \
	{ name, CONF_URL, CONF_LIST | CONF_HIDDEN | (flags), AT(url), \
	    .standard = (def), .words = (schemes) }, \
	{ other, CONF_URL, CONF_LIST | CONF_HIDDEN | CONF_ALIAS, AT(url), \
	    .standard = "(" name ")", .words = (schemes) }

/* What [dataway] and [destination.NAME] have in common. */
#define DESTINATION(accepts) \
	{ "token_file", CONF_PATH, CONF_HIDDEN, AT(token_file), \
	    .unit = NULL }, \
	{ "accept", CONF_BITS, CONF_LIST | CONF_FILLED, AT(accept), \
	    .standard = (accepts), .words = "profile|metric|point" }, \
	{ "workers", CONF_INTEGER, 0, AT(workers), \
	    .inherits = "upload_workers", NUMBER(NULL, NULL, 1, 256) }, \
	{ "timeout", CONF_DURATION, 0, AT(timeout), \
	    .inherits = "send_timeout", TIME(NULL, MS, HOUR) }, \
	{ "retry_count", CONF_INTEGER, 0, AT(retry_count), \
	    .inherits = "send_retry_count", NUMBER(NULL, NULL, 1, 100) }, \
	{ "retry_min", CONF_DURATION, 0, AT(retry_min), \
	    .inherits = "retry_min", TIME(NULL, MS, HOUR) }, \
	{ "retry_max", CONF_DURATION, 0, AT(retry_max), \
	    .inherits = "retry_max", TIME(NULL, MS, HOUR) }, \
	{ "probe_interval", CONF_DURATION, 0, AT(probe_interval), \
	    .inherits = "probe_interval", TIME(NULL, MS, HOUR) }, \
	{ "lease", CONF_DURATION, 0, AT(lease), \
	    .inherits = "lease", TIME(NULL, MS, 24 * HOUR) }, \
	{ "ca_file", CONF_PATH, CONF_READ, AT(ca_file), .unit = NULL }, \
	{ "cert_file", CONF_PATH, CONF_READ, AT(cert_file), .unit = NULL }, \
	{ "key_file", CONF_PATH, CONF_READ, AT(key_file), .unit = NULL }, \
	{ "http_proxy", CONF_URL, CONF_HIDDEN, AT(http_proxy), \
	    .words = "http|https|socks5|socks5h" }, \
	{ "enable_sinker", CONF_BOOL, 0, AT(enable_sinker), \
	    .standard = "false" }, \
	{ "global_customer_keys", CONF_TEXT, CONF_LIST, \
	    AT(global_customer_keys), .unit = NULL }, \
	{ "user", CONF_TEXT, 0, AT(user), .unit = NULL }

static const struct conf_key dataway[] = {
	URLS("urls", "url", CONF_FILLED, NULL, "http|https"),
	DESTINATION("profile,metric"),
	END
};

/* Of any destination, also of [dataway]: all that the struct holds. */
static const struct conf_key destination[] = {
	{ "type", CONF_ENUM, 0, AT(type),
	    .standard = "dataway", .words = "dataway|file|external" },
	URLS("url", "urls", 0, "(by type)", "http|https|file"),
	DESTINATION("(by type)"),
	{ "outbox_capacity_mb", CONF_MIB, 0, AT(outbox_capacity),
	    NUMBER("MiB", "10240", 1, PIB) },
	{ "command", CONF_TEXT, 0, AT(command), .unit = NULL },
	END
};

#undef AT
#define AT(field)	offsetof(struct conf, field)

static const struct conf_key election[] = {
	{ "enable", CONF_BOOL, 0, AT(election), .standard = "false" },
	{ "namespace", CONF_TEXT, CONF_FILLED, AT(election_namespace),
	    .standard = "default" },
	{ "node_whitelist", CONF_TEXT, CONF_LIST, AT(node_whitelist),
	    .unit = NULL },
	{ "id", CONF_TEXT, 0, AT(election_id), .unit = NULL },
	{ "backend", CONF_WORD, 0, AT(election_backend),
	    .standard = "none", .words = "none|file|dataway|etcd" },
	{ "mode", CONF_ENUM, 0, AT(election_mode),
	    .standard = "leader", .words = "leader|shard" },
	{ "file", CONF_PATH, 0, AT(election_file), .unit = NULL },
	{ "urls", CONF_URL, CONF_LIST | CONF_HIDDEN, AT(election_urls),
	    .words = "http|https" },
	{ "lease", CONF_DURATION, 0, AT(election_lease),
	    TIME("6s", WHEN_SECOND, 10 * 60 * WHEN_SECOND) },
	{ "auth_file", CONF_PATH, CONF_READ, AT(election_auth_file),
	    .unit = NULL },
	{ "ca_file", CONF_PATH, CONF_READ, AT(election_ca_file), .unit = NULL },
	{ "cert_file", CONF_PATH, CONF_READ, AT(election_cert_file),
	    .unit = NULL },
	{ "key_file", CONF_PATH, CONF_READ, AT(election_key_file), .unit = NULL },
	{ "enable_namespace_tag", CONF_BOOL, 0, AT(enable_namespace_tag),
	    .standard = "false" },
	END
};

const struct conf_section conf_table[] = {
	{ "http_api", CONF_OF_ALL, 0, 0, http_api, 0 },
	{ "global_host_tags", CONF_OF_ALL, 0, 0, NULL,
	    offsetof(struct conf, global_host_tags) },
	{ "profile", CONF_OF_ALL, 0, 0, profile, 0 },
	{ "profile.io_config", CONF_OF_ALL, 0, 0, io_config, 0 },
	{ "metrics", CONF_OF_ALL, 0, 0, metrics, 0 },
	{ "security", CONF_OF_ALL, 0, 0, security, 0 },
	{ "users", CONF_OF_ALL, 0, 0, users, 0 },
	{ "profile.tags", CONF_OF_ALL, 0, 0, NULL,
	    offsetof(struct conf, tags) },
	{ "profile.go", CONF_OF_TARGET, 1, 1, go, 0 },
	{ "profile.go.tags", CONF_OF_TARGET, 0, 0, NULL,
	    offsetof(struct conf_target, tags) },
	{ "profile.pyroscope", CONF_OF_PYROSCOPE, 1, 1, pyroscope, 0 },
	{ "profile.pyroscope.tags", CONF_OF_PYROSCOPE, 0, 0, NULL,
	    offsetof(struct conf_pyroscope, tags) },
	{ "dataway", CONF_OF_DESTINATION, 1, 0, dataway, 0 },
	{ CONF_NAMED, CONF_OF_DESTINATION, 1, 1, destination, 0 },
	{ "election", CONF_OF_ALL, 0, 0, election, 0 },
	{ "election.tags", CONF_OF_ALL, 0, 0, NULL,
	    offsetof(struct conf, election_tags) },
	{ NULL, CONF_OF_ALL, 0, 0, NULL, 0 }
};
