package io.driftwatch.alerts.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. Its message holds every mistake, one a line. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * @param problems the mistakes, in order of position; copied
     */
    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Returns the mistakes in order of position; empty after Java deserialisation. */
    public List<Problem> problems() {
        return problems == null ? List.of() : problems;
    }
}
