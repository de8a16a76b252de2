"""What `promtool test rules` is to test of etc/prometheus/prof.rules.yml.

usage: alerts.py RULES >TESTS

A story changes one or two figures of a set that is well, from the second
minute on, and says which alert fires then, and no other, and when none does.
"""

import json
import sys

WELL = {
    'up{job="prof"}': 1,
    'prof_up{program="spool"}': 1,
    'prof_starts_total{program="spool"}': 7,
    'prof_stat_valid{program="spool"}': 1,
    'prof_spool_bytes': 700,
    'prof_spool_capacity_bytes': 1000,
    'prof_spool_full': 0,
    'prof_spool_free_bytes': 1000,
    'prof_spool_min_free_bytes': 1000,
    'prof_spool_admitting': 1,
    'prof_spool_ledger_refused': 0,
    'prof_spool_queue_stuck{queue="main"}': 0,
    'prof_spool_consumer_up{queue="main"}': 1,
    'prof_spool_configured{queue="main"}': 1,
    # One that is left over.
    'prof_spool_consumer_up{queue="old"}': 0,
    'prof_spool_configured{queue="old"}': 0,
    'prof_ship_state{queue="main",state="ok"}': 1,
    'prof_ship_state{queue="main",state="down"}': 0,
    'prof_ship_state{queue="main",state="suspended"}': 0,
    'prof_spool_oldest_record_timestamp_seconds{queue="main"}': 0,
    'prof_spool_records{queue="main",state="dead"}': 0,
    'prof_spool_records{queue="main",state="ready"}': 5,
    'prof_spool_evicted_total{queue="main"}': 3,
    'prof_recv_drafts_discarded_total{reason="disk"}': 9,
    'prof_recv_drafts_discarded_total{reason="refused"}': 0,
    'prof_pyro_drafts_discarded_total{reason="disk"}': 9,
    'prof_pull_elected{job="prof"}': 1,
    'prof_pull_target_up{job="prof",target="one"}': 1,
    # Of another host, which does not pull.
    'prof_pull_elected{job="prof",instance="b"}': 0,
    'prof_pull_target_up{job="prof",instance="b",target="one"}': 0,
    'prof_pull_election_trouble': 0,
    'prof_pull_access_files_stale': 0,
    'prof_recv_access_files_stale{address="a",files="tokens"}': 0,
    'prof_pyro_access_files_stale{address="a",files="tokens"}': 0,
    'prof_ship_access_files_stale{queue="main",files="tokens"}': 0,
    'prof_recv_tls_certificate_expiry_timestamp_seconds{address="a"}': 1e7,
    'prof_pyro_tls_certificate_expiry_timestamp_seconds{address="a"}': 1e7,
}

# name, {figure: values from the second minute on}, minutes at which nothing
# fires, what fires, minutes at which it does.
STORIES = [
    ("all is well", {}, [0, 10, 60, 200], None, []),
    ("prof-recv does not answer", {'up{job="prof"}': "0"},
     [2], "NotScraped", [4, 60]),
    ("a program is down", {'prof_up{program="spool"}': "0"},
     [2], "Down", [4, 60]),
    ("a program is started over and over",
     {'prof_starts_total{program="spool"}': "8 9 10"},
     [2], "Restarting", [4, 10]),
    ("it was restarted long ago",
     {'prof_starts_total{program="spool"}': "8 9 10"}, [30], None, []),
    ("a program was away, and started twice",
     {'prof_starts_total{program="spool"}': "8 _ _ _ 9"},
     [2, 6, 7, 15], None, []),
    ("a program is in another spool",
     {'prof_starts_total{program="spool"}': "1"}, [2, 10, 20], None, []),
    ("figures cannot be read", {'prof_stat_valid{program="spool"}': "0"},
     [2], "FiguresUnreadable", [4, 60]),
    ("the spool fills", {'prof_spool_bytes': "801"},
     [5], "SpoolFilling", [7, 60]),
    ("the spool is full", {'prof_spool_full': "1"},
     [1], "SpoolRefuses", [3, 60]),
    ("the disk is full", {'prof_spool_free_bytes': "999"},
     [1], "SpoolRefuses", [3, 60]),
    ("the disk refuses", {'prof_spool_admitting': "0"},
     [1], "DiskRefuses", [3, 60]),
    ("the disk refuses lines of the ledger",
     {'prof_spool_ledger_refused': "1"}, [1], "DiskRefuses", [3, 60]),
    ("the disk keeps what was delivered",
     {'prof_spool_queue_stuck{queue="main"}': "1"},
     [1], "DiskRefuses", [3, 60]),
    ("nobody fetches", {'prof_spool_consumer_up{queue="main"}': "0"},
     [2], "NotFetched", [4, 60]),
    ("a destination is suspended",
     {'prof_ship_state{queue="main",state="ok"}': "0",
      'prof_ship_state{queue="main",state="suspended"}': "1"},
     [2], "DestinationSuspended", [4, 60]),
    ("a destination is down",
     {'prof_ship_state{queue="main",state="ok"}': "0",
      'prof_ship_state{queue="main",state="down"}': "1"},
     [10], "DestinationDown", [12, 60]),
    ("a record is old",
     {'prof_spool_oldest_record_timestamp_seconds{queue="main"}': "60"},
     [61], "RecordsOld", [63, 120]),
    ("records are dead",
     {'prof_spool_records{queue="main",state="dead"}': "2"},
     [1], "RecordsDead", [3, 60]),
    ("records are evicted", {'prof_spool_evicted_total{queue="main"}': "4"},
     [0, 20], "RecordsEvicted", [2, 10]),
    ("uploads are refused because of the disk",
     {'prof_recv_drafts_discarded_total{reason="disk"}': "12"},
     [0, 20], "UploadsRefused", [2, 10]),
    ("Pyroscope's are",
     {'prof_pyro_drafts_discarded_total{reason="disk"}': "12"},
     [0, 20], "UploadsRefused", [2, 10]),
    ("a target is down", {'prof_pull_target_up{job="prof",target="one"}': "0"},
     [10], "TargetDown", [12, 60]),
    ("a target of who does not pull is down",
     {'prof_pull_target_up{job="prof",target="one"}': "0",
      'prof_pull_elected{job="prof"}': "0"}, [12, 60], None, []),
    ("the election is in doubt", {'prof_pull_election_trouble': "1"},
     [5], "ElectionTrouble", [7, 60]),
] + [
    ("prof-%s's certificate expires" % name,
     {'prof_%s_tls_certificate_expiry_timestamp_seconds{address="a"}' % name:
      "604860"}, [1], "CertificateExpires", [3, 60])
    for name in ("recv", "pyro")
] + [
    (figure + " is not taken", {figure: "1"}, [5], "FilesNotTaken", [7, 60])
    for figure in WELL if "_files_stale" in figure
]


def values(begins, then):
    if then is None:
        return "%dx300" % begins
    return "%d %sx300" % (begins, then)


def firing(minute, alert):
    test = {"expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
            "eval_time": "%dm" % minute}
    if alert:
        test["exp_samples"] = [
            {"labels": '{alertname="Prof%s"}' % alert, "value": 1}]
    return test


def story(name, changes, quiet, alert, fires):
    assert set(changes) <= set(WELL), name
    return {"name": name, "interval": "1m",
            "input_series": [
                {"series": figure, "values": values(well, changes.get(figure))}
                for figure, well in WELL.items()],
            "promql_expr_test": [firing(at, None) for at in quiet] +
                                [firing(at, alert) for at in fires]}


def main():
    json.dump({"rule_files": [sys.argv[1]], "evaluation_interval": "1m",
               "tests": [story(*s) for s in STORIES]}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
