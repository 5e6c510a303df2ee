package io.driftwatch.alerts.config;

/** What stands at a key, for keys that have two forms. An empty value counts as absent. */
public enum Kind {
    ABSENT,
    SCALAR,
    MAPPING,
    LIST
}
