package io.driftwatch.alerts.rule;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Selects scores by their segment.
 *
 * @param everything true selects the whole model and every segment, whatever {@code columns} says
 * @param columns otherwise: empty selects only the whole model; else a segment is selected if it
 *     has every one of these columns, each with a selected value. Copied, not null
 */
public record SegmentSelector(boolean everything, Map<String, Selector> columns)
        implements Serializable {
    /** Selects the whole model and every segment. */
    public static final SegmentSelector ALL = new SegmentSelector(true, Map.of());

    /** Selects the whole model and no segment. */
    public static final SegmentSelector WHOLE_MODEL = new SegmentSelector(false, Map.of());

    public SegmentSelector {
        columns = Collections.unmodifiableMap(new TreeMap<>(columns));
    }

    /** Says whether a segment (column to value; empty for the whole model) is selected. */
    public boolean matches(Map<String, String> segment) {
        if (everything) {
            return true;
        }
        if (columns.isEmpty()) {
            return segment.isEmpty();
        }
        return columns.entrySet().stream()
                .allMatch(column -> column.getValue().matches(segment.get(column.getKey())));
    }
}
