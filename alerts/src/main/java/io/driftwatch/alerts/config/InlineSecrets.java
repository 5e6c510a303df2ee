package io.driftwatch.alerts.config;

import io.driftwatch.alerts.deliver.PagerDutyEndpoint;
import io.driftwatch.alerts.deliver.Secret;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;

/** Finds secrets that a configuration holds as they are, rather than names a file with them. */
public final class InlineSecrets {
    private static final Secret WELL_KNOWN = Secret.of(PagerDutyEndpoint.STANDARD_URL);

    private InlineSecrets() {}

    /**
     * Says whether there is one in a value: a {@link Secret}, or a record, a collection or a map
     * that holds one at any depth.
     */
    public static boolean in(Object value) {
        if (value instanceof Secret secret) {
            return secret.isInline() && !secret.equals(WELL_KNOWN);
        }
        if (value instanceof Collection<?> values) {
            return values.stream().anyMatch(InlineSecrets::in);
        }
        if (value instanceof Map<?, ?> map) {
            return in(map.values());
        }
        return value instanceof Record record && isInRecord(record);
    }

    private static boolean isInRecord(Record value) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                if (in(component.getAccessor().invoke(value))) {
                    return true;
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(component + " cannot be read", e);
            }
        }
        return false;
    }
}
