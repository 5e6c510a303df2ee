package io.driftwatch.alerts.config;

import io.driftwatch.alerts.deliver.PagerDutyEndpoint;
import io.driftwatch.alerts.deliver.Secret;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds secrets that a configuration holds as they are, and the files that it names for the others.
 */
public final class InlineSecrets {
    private static final Secret WELL_KNOWN = Secret.of(PagerDutyEndpoint.STANDARD_URL);

    private InlineSecrets() {}

    /**
     * Says whether there is one in a value: a {@link Secret}, or a record, a collection or a map
     * that holds one at any depth.
     */
    public static boolean in(Object value) {
        return all(value).anyMatch(secret -> secret.isInline() && !secret.equals(WELL_KNOWN));
    }

    /** Returns the files that hold the other secrets in a value, each once, as they are named. */
    public static Set<String> filesIn(Object value) {
        return all(value)
                .filter(secret -> !secret.isInline())
                .map(Secret::file)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<Secret> all(Object value) {
        if (value instanceof Secret secret) {
            return Stream.of(secret);
        }
        if (value instanceof Collection<?> values) {
            return values.stream().flatMap(InlineSecrets::all);
        }
        if (value instanceof Map<?, ?> map) {
            return all(map.values());
        }
        return value instanceof Record record ? allOfRecord(record) : Stream.empty();
    }

    private static Stream<Secret> allOfRecord(Record value) {
        return Arrays.stream(value.getClass().getRecordComponents())
                .flatMap(component -> all(valueOf(component, value)));
    }

    private static Object valueOf(RecordComponent component, Record value) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
