#ifndef CONF_H
#define CONF_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct buf;

/*
 * The configuration: one table (conf_table in conf_table.c) says every
 * section, key, type, unit, default and bound; prof.conf(5) is its prose.
 * Sizes are in bytes and durations in nanoseconds, whatever the file's unit.
 * A text that is empty or not given is NULL; paths are absolute.
 */

#define CONF_FILE	"/etc/prof/prof.conf"

struct conf_list {
	char	**v;
	size_t	  n;
};

/* key = value, in the file's order: tags. */
struct conf_pair {
	char	*key;
	char	*value;
};

struct conf_pairs {
	struct conf_pair *v;
	size_t	n;
};

enum conf_type { CONF_DATAWAY, CONF_FILE_DEST, CONF_EXTERNAL };
enum conf_when_full { CONF_EVICT, CONF_REJECT };
enum conf_sandbox { CONF_SANDBOX_AUTO, CONF_SANDBOX_OFF };
enum conf_election_mode { CONF_LEADER, CONF_SHARD };
enum conf_tls { CONF_TLS_1_2, CONF_TLS_1_3 };
enum conf_token_for { CONF_TOKEN_TCP, CONF_TOKEN_HTTPS, CONF_TOKEN_ALL };

/* Who may talk to an address: of [http_api] and [profile.pyroscope]. */
struct conf_access {
	char		*tls_cert_file;
	char		*tls_key_file;
	char		*tls_client_ca_file;
	int		 tls_min_version;	/* enum conf_tls */
	char		*bearer_token_file;
	int		 bearer_token_for;	/* enum conf_token_for */
	struct conf_list allowed_uids;	/* decimal; none: anybody */
};

/* [destination.NAME], or [dataway] as "main". */
struct conf_destination {
	char		*name;
	int		 type;		/* enum conf_type */
	struct conf_list url;		/* tried in order: http:, https:; of type
					   file one "file:/path"; external none */
	char		*token_file;	/* was there when loaded */
	unsigned int	 accept;	/* bits: 1 profile, 2 metric, 4 point */
	uint64_t	 workers;
	int64_t		 timeout;
	uint64_t	 retry_count;	/* quick attempts of a round */
	int64_t		 retry_min;
	int64_t		 retry_max;
	int64_t		 probe_interval;
	int64_t		 lease;
	char		*ca_file;
	char		*cert_file;
	char		*key_file;
	char		*http_proxy;
	int		 enable_sinker;
	struct conf_list global_customer_keys;
	uint64_t	 outbox_capacity;
	char		*command;	/* type external, for `prof run` */
	char		*user;		/* NULL: the usual one; owners.h */
};

/* [profile.go] */
struct conf_target {
	char		*url;		/* http:, https:, or unix:/path with
					   :/path?query; or NULL, and */
	char		*file_sd;	/* a file that lists the targets */
	int64_t		 interval;
	char		*service;
	char		*env;
	char		*version;
	struct conf_list enabled_types;	/* known ones only */
	uint64_t	 cpu_seconds;
	int64_t		 timeout;	/* of one fetch, more than the cpu's */
	char		*basic_auth_file;	/* either this, */
	char		*bearer_token_file;	/* or this, or neither */
	struct conf_list headers;	/* "name: value" */
	char		*http_proxy;
	int		 tls_open;
	char		*tls_ca;
	char		*tls_cert;
	char		*tls_key;
	int		 insecure_skip_verify;
	struct conf_pairs tags;
};

/* [profile.pyroscope] */
struct conf_pyroscope {
	char		*url;		/* an address, as of listen */
	char		*service;
	char		*env;
	char		*version;
	int64_t		 join_timeout;	/* of a set of profiles */
	struct conf_access access;
	struct conf_pairs tags;
};

struct conf {
	char		*file;		/* that it is of; NULL: of none */

	/* [http_api] */
	struct conf_list listen;	/* "host:port", "[::1]:0", ":port" (all
					   addresses), with "https://" or
					   "http://" before; "unix:/path" */
	uint64_t	 head_bytes;
	uint64_t	 head_fields;
	int64_t		 head_timeout;
	int64_t		 body_timeout;
	int64_t		 idle_timeout;
	uint64_t	 body_rate;	/* bytes a second; 0: any */
	int64_t		 body_grace;
	uint64_t	 connections;
	uint64_t	 per_address;
	uint64_t	 multipart_parts;
	uint64_t	 multipart_head;
	uint64_t	 commits;	/* at once, beside the loop */
	int		 metrics;	/* GET /metrics is answered */
	struct conf_access access;

	struct conf_pairs global_host_tags;

	/* [profile] */
	struct conf_list endpoints;
	int		 profile_election;
	uint64_t	 body_size_limit;
	int		 generate_metrics;

	/* [profile.io_config] */
	char		*cache_path;	/* the spool, unless -s */
	uint64_t	 cache_capacity;
	int		 clear_cache_on_start;
	uint64_t	 upload_workers;
	int64_t		 send_timeout;
	uint64_t	 send_retry_count;
	int		 when_full;	/* enum conf_when_full */
	uint64_t	 min_free;
	int64_t		 retry_min;	/* these four: where a destination */
	int64_t		 retry_max;	/* has none of its own */
	int64_t		 probe_interval;
	int64_t		 lease;

	/* [metrics]: what one record may cost */
	int64_t		 metrics_cpu;
	uint64_t	 metrics_memory;
	uint64_t	 metrics_inflated;
	uint64_t	 metrics_ratio;
	uint64_t	 metrics_samples;
	uint64_t	 metrics_depth;
	uint64_t	 metrics_output;

	/* [security] */
	int		 sandbox;	/* enum conf_sandbox */

	/* [users]: NULL: the usual ones; owners.h */
	char		*users_spool;
	char		*users_recv;
	char		*users_pull;
	char		*users_pyro;
	char		*users_metrics;
	char		*users_ship;
	char		*users_producers;
	char		*users_consumers;
	char		*users_programs;

	struct conf_pairs tags;		/* [profile.tags] */
	struct conf_target *targets;
	size_t		 ntargets;
	struct conf_pyroscope *pyroscopes;
	size_t		 npyroscopes;

	/* [dataway] and [destination.NAME]; never empty */
	struct conf_destination *destinations;
	size_t		 ndestinations;

	/* [election] */
	int		 election;
	char		*election_namespace;
	struct conf_list node_whitelist;
	char		*election_id;	/* NULL: the host's name */
	char		*election_backend;
	int		 election_mode;	/* enum conf_election_mode */
	char		*election_file;
	struct conf_list election_urls;
	int64_t		 election_lease;
	char		*election_auth_file;
	char		*election_ca_file;
	char		*election_cert_file;
	char		*election_key_file;
	int		 enable_namespace_tag;
	struct conf_pairs election_tags;
};

/*
 * Read file; with NULL, CONF_FILE if there is one, else the defaults alone.
 * said gets a line for every error and warning of the file: "error: " or
 * "warning: ", then "FILE:LINE: key: what was found, what was expected". NULL:
 * there were errors (errno is EINVAL), or it could not be read (errno says
 * why). What may hold a secret is never in said. spool overrides cache_path if not NULL. With no destination
 * configured there is one, "main", type file, url "file:SPOOL.outbox". Not for
 * use by two threads at once (inih's options are global).
 */
struct conf *conf_load(const char *file, const char *spool, struct buf *said);

/* The same of an open stream; name stands for it in said. f stays open. */
struct conf *conf_parse(FILE *f, const char *name, const char *spool,
	    struct buf *said);
void	conf_free(struct conf *);

/* The destination of that name, or NULL. */
const struct conf_destination *conf_destination(const struct conf *,
	    const char *name);

/*
 * The configuration in force as "section.key = value" lines ("section.key ="
 * where it is empty), lists joined by commas, defaults filled in; userinfo and
 * every query value of urls read "***". Targets and listeners are numbered
 * from 1 (profile.go.1.url, profile.go.1.tags.KEY); [dataway] is
 * destination.main. What `prof-spool conf` prints and prof(8) reads.
 */
int	conf_print(const struct conf *, struct buf *out);

/*
 * The lines of the keys that one of these patterns (fnmatch(3); NULL ends them)
 * fits, with nothing left out of urls: for comparing, not for showing.
 */
int	conf_print_exact(const struct conf *, const char *const *only,
	    struct buf *out);

/*
 * The table: "section TAB key TAB type TAB unit TAB default TAB bounds". A
 * default in parentheses is no value: what it inherits, or (required). The key
 * of a section of tags is *.
 */
int	conf_print_table(struct buf *out);

#endif
