#!/usr/bin/env bats
# etc/prometheus and etc/grafana, as far as they can be tested without a
# running Prometheus: t/live/prometheus.bats has the rest.
#
# Each was seen to fail, with what it is about broken in etc/.

load lib

RULES=$TOP/etc/prometheus/prof.rules.yml
DASHBOARD=$TOP/etc/grafana/prof.json

# figures: names of prof.7's section STATISTICS.
figures()
{
	sed -n '/^\.Sh STATISTICS/,/^\.Sh LOG/p' "$TOP/cmd/prof.7" |
	    grep -o 'prof_[a-z_]*' | sort -u
}

# unknown: of the names in standard input those that are no figure's.
unknown()
{
	grep -o 'prof_[a-z_]*' | sed -E 's/_(bucket|sum|count)$//' | sort -u |
	    grep -vxFf <(figures)
}

@test "the configuration and the rules are valid" {
	run -0 promtool check config "$TOP/etc/prometheus/prometheus.yml"
	[[ $output = *"rules found"* ]]
	run -0 promtool check rules "$RULES"
}

@test "each alert fires when it should, and no other does" {
	python3 "$TOP/t/alerts.py" "$RULES" >tests.json
	run -0 promtool test rules tests.json
	# None is without a story.
	grep -o 'alert: .*' "$RULES" | sed 's/alert: //' | sort >alerts
	jq -r '.tests[].promql_expr_test[].exp_samples[]?.labels' tests.json |
	    grep -o 'Prof[A-Za-z]*' | sort -u | diff alerts -
}

@test "each alert says what happened, and what to run" {
	local n

	n=$(grep -c 'alert: ' "$RULES")
	for key in summary: description: 'command: prof'; do
		[ "$(grep -c "^ *$key" "$RULES")" -eq "$n" ]
	done
	[ "$(grep -c 'severity: \(critical\|warning\)$' "$RULES")" -eq "$n" ]
}

@test "rules and dashboard ask for figures that are" {
	run ! unknown < <(grep -v '^ *\(summary\|command\|#\)' "$RULES")
	[ -z "$output" ] || fail "$output"
	jq -r '.. | .expr? // empty' "$DASHBOARD" >queries
	[ "$(wc -l <queries)" -gt 40 ]
	run ! unknown <queries
	[ -z "$output" ] || fail "$output"
}

@test "each panel of the dashboard has a title, a place and a legend" {
	run -0 jq -e '[.panels[] | select((.title // "") == "" or .gridPos == null)] |
	    length == 0' "$DASHBOARD"
	run -0 jq -e '[.panels[].targets[]? | select((.legendFormat // "") == "")] |
	    length == 0' "$DASHBOARD"
	# No two lie on each other.
	run -0 jq -e '[.panels[].gridPos | [.x, .y]] | length ==
	    (unique | length)' "$DASHBOARD"
	run -0 jq -e '[.panels[].id] | length == (unique | length)' "$DASHBOARD"
}
